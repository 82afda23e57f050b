import { describe, expect, it, vi } from 'vitest';
import {
  AssessmentError,
  DEFAULT_FEEDBACK_NAME,
  Feedback,
  isAssessmentError,
  isFeedback,
  isNotApplicable,
  isScorer,
  notApplicable,
  scorer,
} from '../src/index.ts';

describe('Feedback', () => {
  it('is unnamed and empty when nothing is said', () => {
    expect(new Feedback({})).toEqual({
      name: DEFAULT_FEEDBACK_NAME,
      value: null,
      error: null,
      rationale: null,
      source: null,
      metadata: {},
      spanId: null,
    });
  });

  it('holds what it is given', () => {
    const init = {
      name: 'tone',
      value: { score: 0.5, tags: ['a'] },
      rationale: 'because',
      source: { type: 'HUMAN', id: 'ada@example.com' },
      metadata: { a: 'b' },
      spanId: '0123456789abcdef',
    } as const;
    expect(new Feedback(init)).toEqual({ ...init, error: null });
    expect(new Feedback({ value: false }).value).toBe(false);
    expect(new Feedback({ value: 0 }).value).toBe(0);
  });

  it('turns metadata into text and leaves out what is absent', () => {
    const metadata = {
      text: 'x',
      number: 0.5,
      flag: true,
      list: [1, 'a'],
      none: null,
      un: undefined,
    };
    expect(new Feedback({ metadata }).metadata).toEqual({
      text: 'x',
      number: '0.5',
      flag: 'true',
      list: '[1,"a"]',
    });
  });

  it('takes an Error, an AssessmentError or a text as its error', () => {
    const error = new RangeError('too far');
    expect(new Feedback({ error }).error).toEqual({
      errorCode: 'RangeError',
      errorMessage: 'too far',
      stackTrace: error.stack,
    });
    const own = new AssessmentError({ errorCode: 'NO_ANSWER' });
    expect(new Feedback({ error: own }).error).toBe(own);
    expect(new Feedback({ error: 'no answer' }).error).toEqual({
      errorCode: 'ASSESSMENT_ERROR',
      errorMessage: 'no answer',
      stackTrace: null,
    });
  });

  it('cannot be changed', () => {
    const source = { type: 'CODE' as const, id: 'x' };
    const feedback = new Feedback({ source, metadata: { a: 'b' }, error: 'e' });
    for (const part of [feedback, feedback.source, feedback.metadata, feedback.error]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(Object.isFrozen(source)).toBe(false);
  });
});

describe('AssessmentError.from', () => {
  it('takes the given code before the class of the error', () => {
    expect(AssessmentError.from(new Error('x'), 'SCORER_TIMEOUT').errorCode).toBe('SCORER_TIMEOUT');
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [404, '404'],
    [Symbol('s'), 'Symbol(s)'],
    [{ status: 429 }, '{"status":429}'],
    [{ big: 1n }, 'an object'],
  ])('describes %o, which is no error', (thrown, errorMessage) => {
    expect(AssessmentError.from(thrown)).toMatchObject({
      errorCode: 'ASSESSMENT_ERROR',
      errorMessage,
      stackTrace: null,
    });
  });
});

describe('notApplicable', () => {
  it('carries a reason, which it needs', () => {
    expect(notApplicable('no retrieval').reason).toBe('no retrieval');
    expect(Object.isFrozen(notApplicable('x'))).toBe(true);
    expect(() => notApplicable(' ')).toThrow(TypeError);
    expect(() => notApplicable(undefined as unknown as string)).toThrow(TypeError);
  });
});

describe('two copies of the package', () => {
  it('know each other’s objects', async () => {
    vi.resetModules();
    const other = await import('../src/index.ts');
    expect(other.Feedback).not.toBe(Feedback);
    expect(isFeedback(new other.Feedback({}))).toBe(true);
    expect(isNotApplicable(other.notApplicable('x'))).toBe(true);
    expect(isAssessmentError(new other.AssessmentError({ errorCode: 'X' }))).toBe(true);
    expect(other.isScorer(scorer({ name: 'a' }, () => 1))).toBe(true);
    expect(isScorer(other.scorer({ name: 'a' }, () => 1))).toBe(true);
  });

  it('take nothing else for them', () => {
    for (const value of [null, undefined, 'x', 5, {}, [], { name: 'feedback', value: 1 }]) {
      expect([isFeedback(value), isNotApplicable(value), isAssessmentError(value)]).toEqual([
        false,
        false,
        false,
      ]);
    }
  });
});
