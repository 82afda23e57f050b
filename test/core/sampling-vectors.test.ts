import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSampled, samplePosition } from '../../src/core/sample.ts';
import { canonicalTraceId } from '../../src/core/trace-id.ts';

interface Vector {
  readonly cohort: string;
  readonly trace_id: string;
  readonly canonical_trace_id: string;
  readonly sample_position: number;
  readonly sampled_at: readonly number[];
}

const FILE = new URL('../../schemas/sampling-vectors.json', import.meta.url);

// The file's own format.
const { rates, vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly rates: readonly number[];
  readonly vectors: readonly Vector[];
};

/** Prints what the Python of docs/sampling.md makes of the vectors, in their own format. */
const DRIVER = `
import json, sys
document = json.load(open(sys.argv[1], encoding="utf-8"))
print(json.dumps([{
    "cohort": vector["cohort"],
    "trace_id": vector["trace_id"],
    "canonical_trace_id": canonical(vector["trace_id"]),
    "sample_position": position(vector["trace_id"], vector["cohort"]),
    "sampled_at": [rate for rate in document["rates"] if is_sampled(vector["trace_id"], rate, vector["cohort"])],
} for vector in document["vectors"]]))
`;

function documentedPython(): string {
  const page = readFileSync(new URL('../../docs/sampling.md', import.meta.url), 'utf8');
  const code = /```python\n(.*?)```/s.exec(page)?.[1];
  if (code === undefined) throw new Error('docs/sampling.md has no Python');
  return code;
}

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);

describe('the published sampling vectors', () => {
  it('are many, of several cohorts, spellings and positions', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(50);
    expect(new Set(vectors.map(({ cohort }) => cohort)).size).toBeGreaterThanOrEqual(8);
    const spellings = vectors.filter((one) => one.trace_id !== one.canonical_trace_id);
    expect(spellings.length).toBeGreaterThanOrEqual(5);
    for (const rate of rates) {
      const picked = vectors.filter(({ sampled_at }) => sampled_at.includes(rate));
      expect(picked.length).toBeGreaterThan(0);
      expect(picked.length).toBeLessThan(vectors.length);
    }
  });

  it.each(vectors.map((vector) => [vector.cohort, vector.trace_id, vector] as const))(
    'hold for cohort %j and trace %j',
    (cohort, traceId, vector) => {
      const canonical = canonicalTraceId(traceId);
      const position = samplePosition(canonical, cohort);
      expect({
        canonical_trace_id: canonical,
        sample_position: position,
        sampled_at: rates.filter((rate) => isSampled(position, rate)),
      }).toEqual({
        canonical_trace_id: vector.canonical_trace_id,
        sample_position: vector.sample_position,
        sampled_at: vector.sampled_at,
      });
    },
  );

  it('hold for the Python of docs/sampling.md', ({ skip }) => {
    if (python === undefined) return skip('there is no Python on this machine');
    const { stdout, stderr } = spawnSync(
      python,
      ['-c', documentedPython() + DRIVER, FILE.pathname],
      { encoding: 'utf8', env: { ...process.env, PYTHONIOENCODING: 'utf-8' } },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(vectors);
  });
});
