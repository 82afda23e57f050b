import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerText, outputsText } from '../../src/core/outputs-text.ts';

describe('outputsText', () => {
  it('gives text as it is, and none where there are no outputs', () => {
    expect(outputsText(' Yes. ')).toBe(' Yes. ');
    expect(outputsText('')).toBe('');
    expect(outputsText(null)).toBe('');
    expect(outputsText(undefined)).toBe('');
  });

  it('gives the answer of a chat completion', () => {
    const outputs = { choices: [{ message: { role: 'assistant', content: 'Oslo' } }] };
    expect(outputsText(outputs)).toBe('Oslo');
  });

  it('gives the last of a list of messages', () => {
    const messages = [
      { role: 'user', content: 'Where?' },
      { role: 'assistant', content: 'Oslo' },
    ];
    expect(outputsText({ messages })).toBe('Oslo');
  });

  it('prefers choices to messages, and messages to the output of a response', () => {
    const choices = [{ message: { content: 'first' } }];
    const messages = [{ content: 'second' }];
    const output = [{ type: 'message', content: 'third' }];
    expect(outputsText({ output, messages, choices })).toBe('first');
    expect(outputsText({ output, messages })).toBe('second');
    expect(outputsText({ output })).toBe('third');
  });

  it('gives the first part that is text of a Responses API message', () => {
    const content = [
      { type: 'refusal', refusal: 'no' },
      { type: 'output_text', text: 'Oslo' },
      { type: 'output_text', text: 'Bergen' },
    ];
    expect(outputsText({ output: [{ type: 'reasoning' }, { type: 'message', content }] })).toBe(
      'Oslo',
    );
  });

  it('writes a response that does not end with a message as JSON', () => {
    const outputs = { output: [{ type: 'message', content: 'x' }, { type: 'function_call' }] };
    expect(outputsText(outputs)).toBe(JSON.stringify(outputs));
  });

  it('takes the first element of a list, however deep', () => {
    expect(outputsText([[['a'], 'b'], 'c'])).toBe('a');
    expect(outputsText([{ choices: [{ message: { content: 'Oslo' } }] }])).toBe('Oslo');
    expect(outputsText([null, 'a'])).toBe('');
    expect(outputsText([])).toBe('[]');
  });

  it('writes other values as JSON', () => {
    expect(outputsText({ answer: 'Oslo', n: 1 })).toBe('{"answer":"Oslo","n":1}');
    expect(outputsText({ choices: [] })).toBe('{"choices":[]}');
    expect(outputsText({ messages: [{ content: [{ type: 'text' }] }] })).toBe(
      '{"messages":[{"content":[{"type":"text"}]}]}',
    );
    expect(outputsText(0)).toBe('0');
    expect(outputsText(false)).toBe('false');
  });

  it('gives no text for a value that is nested too deeply for JSON', () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
    expect(outputsText(deep)).toBe('');
    const list: unknown = JSON.parse(`${'['.repeat(100_000)}"x"${']'.repeat(100_000)}`);
    expect(outputsText(list)).toBe('x');
  });

  it('never throws', () => {
    const part = fc.jsonValue();
    const shaped = fc.record(
      {
        choices: fc.oneof(part, fc.array(fc.record({ message: part }))),
        messages: fc.oneof(part, fc.array(fc.record({ content: part }))),
        output: fc.oneof(
          part,
          fc.array(fc.record({ type: fc.constant('message'), content: part })),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), shaped), (outputs) => {
        expect(typeof outputsText(outputs)).toBe('string');
      }),
    );
  });
});

describe('answerText', () => {
  it('knows no answer in a value that is not of a chat shape', () => {
    for (const outputs of [null, 3, true, [], ['a'], {}, { answer: 'Oslo' }]) {
      expect(answerText(outputs)).toBeUndefined();
    }
  });
});
