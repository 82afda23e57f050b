import { Feedback, notApplicable, scorer } from '@assay/sdk';

/** Answers in every way that a scorer can, depending on the trace. Stands for itself: also registered as source. */
export const manyAnswers = scorer({ name: 'many_answers' }, ({ inputs, outputs, trace }) => {
  const text = typeof outputs === 'string' ? outputs : JSON.stringify(outputs);
  const tools = trace?.searchSpans({ type: 'TOOL' }) ?? [];
  switch ((text ?? '').length % 7) {
    case 0:
      return (text ?? '').includes('e');
    case 1:
      return JSON.stringify(inputs ?? null).length / 8;
    case 2:
      return new Feedback({
        value: (text ?? '').slice(0, 40),
        rationale: `${tools.length} tools: ${tools.map(({ name }) => name).join(', ')}`,
        metadata: { state: trace?.info.state ?? 'none' },
      });
    case 3:
      return [
        new Feedback({ name: 'words', value: (text ?? '').split(/\s+/).length }),
        new Feedback({ name: 'tools', value: tools.length }),
      ];
    case 4:
      return notApplicable(`the answer has ${(text ?? '').length} characters`);
    case 5:
      throw new RangeError(`no opinion on ${trace?.info.traceId ?? 'nothing'}`);
    default:
      return null;
  }
});
