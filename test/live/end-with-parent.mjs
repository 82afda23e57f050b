// Loaded before a service under test: ends it when the test run that started it is gone, killed ones too.
process.stdin.once('end', () => process.exit(1));
process.stdin.once('error', () => process.exit(1));
process.stdin.resume();
process.stdin.unref();
