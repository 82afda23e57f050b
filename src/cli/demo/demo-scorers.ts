import type { RegisterRequest } from '../../ports/service.ts';

/** A scorer of the demo: what is registered, where, and how it is started. */
export interface DemoScorer {
  readonly experimentId: string;
  readonly request: RegisterRequest;
  readonly sampleRate: number;
  readonly filterString: string | null;
}

/**
 * Six scorers over the five recorded applications. `retrieval_score` looks at 20 % of the traces of which
 * `word_count` looks at 40 %: the same 20 %. `cites_sources` throws where an answer has no citations.
 */
export const DEMO_SCORERS: readonly DemoScorer[] = [
  {
    experimentId: '1',
    request: { name: 'tone', kind: 'module', module_scorer: 'tone' },
    sampleRate: 1,
    filterString: "attributes.status = 'OK'",
  },
  {
    experimentId: '2',
    request: { name: 'word_count', kind: 'module', module_scorer: 'word_count' },
    sampleRate: 0.4,
    filterString: null,
  },
  {
    experimentId: '2',
    request: { name: 'retrieval_score', kind: 'module', module_scorer: 'retrieval_score' },
    sampleRate: 0.2,
    filterString: null,
  },
  {
    experimentId: '2',
    request: { name: 'cites_sources', kind: 'module', module_scorer: 'cites_sources' },
    sampleRate: 1,
    filterString: "tags.app = 'halden-docs' AND tags.env = 'production'",
  },
  {
    experimentId: '3',
    request: { name: 'fast_enough', kind: 'builtin', builtin: 'latency', config: { max_ms: 1000 } },
    sampleRate: 1,
    filterString: null,
  },
  {
    experimentId: '3',
    request: { name: 'valid_json', kind: 'builtin', builtin: 'valid_json' },
    sampleRate: 0.5,
    filterString: "tags.app = 'fleet-analyst'",
  },
];
