import fc from 'fast-check';

const SEED_IN_CI = 20_261_124;

/** In CI properties try the same values in every run, so that it fails for a change only; elsewhere new ones. */
if (process.env['CI'] !== undefined) {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED_IN_CI });
}
