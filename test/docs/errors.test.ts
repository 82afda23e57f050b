import { describe, expect, it } from 'vitest';
import { EXIT_CODE_OF } from '../../src/cli/exit-code.ts';
import { ERROR_CODES, type ErrorCode } from '../../src/core/errors.ts';
import { STATUS_OF_CODE } from '../../src/http/status-of-code.ts';

const INTRODUCTION = `# Errors

Every error of Assay has one of these codes. The CLI prints \`code: message\` on standard error (with \`--json\` one JSON object) and ends
with the exit code; the API answers with the HTTP status and an RFC 9457 problem that has the code as a member. The message says what
went wrong with which thing, and what to do.

This page is made from \`src/core/errors.ts\` by its test (\`npm run test:only -- test/docs -u\`).
`;

describe('docs/errors.md', () => {
  it('lists exactly the codes there are', async () => {
    const codes = Object.keys(ERROR_CODES) as readonly ErrorCode[];
    const rows = codes.map(
      (code) =>
        `| \`${code}\` | ${STATUS_OF_CODE[code]} | ${EXIT_CODE_OF[code]} | ${ERROR_CODES[code]} |`,
    );
    const table = ['| code | HTTP | exit | meaning |', '|---|---|---|---|', ...rows].join('\n');
    await expect(`${INTRODUCTION}\n${table}\n`).toMatchFileSnapshot('../../docs/errors.md');
  });
});
