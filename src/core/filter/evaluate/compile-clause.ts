import type { Span } from '@assay/sdk';
import type { FilterFacts } from '../facts.ts';
import type {
  AssessmentField,
  FilterClause,
  LinkField,
  NumberClause,
  SpanField,
  TraceTextField,
} from '../filter-node.ts';
import {
  assessmentTest,
  isRunField,
  linksReader,
  spanTextsReader,
  traceNumberReader,
  traceTextReader,
} from './read-fact.ts';
import { type TextTest, compileNumberTest, compileTextTest } from './text-test.ts';
import { valueTexts } from './value-texts.ts';

type Predicate = (facts: FilterFacts) => boolean;
type ClauseOf<F> = Exclude<FilterClause, NumberClause> & { readonly field: F };

/** A clause as a predicate over the trace; one about spans holds if it holds for one of them. */
export function compileClause(clause: FilterClause): Predicate {
  if (clause.kind === 'number') return compileNumberClause(clause);
  const { field } = clause;
  switch (field.name) {
    case 'span.name':
    case 'span.type':
    case 'span.status':
    case 'span.content':
    case 'span.attributes': {
      const holds = compileSpanClause({ ...clause, field });
      return (facts) => facts.spans.some(holds);
    }
    case 'feedback':
    case 'expectation':
      return compileAssessmentClause({ ...clause, field });
    case 'prompt':
    case 'issue.id':
      return compileLinkClause({ ...clause, field });
    case 'status':
    case 'name':
    case 'request_id':
    case 'client_request_id':
    case 'run_id':
    case 'tags':
    case 'metadata':
      return compileTraceClause({ ...clause, field });
  }
}

/** A clause about spans as a predicate over one span. */
export function compileSpanClause(clause: ClauseOf<SpanField>): (span: Span) => boolean {
  const read = spanTextsReader(clause.field);
  if (clause.kind === 'presence') {
    const wanted = clause.comparator === 'IS NOT NULL';
    return (span) => (read(span) !== undefined) === wanted;
  }
  const test = compileTextTest(clause);
  return (span) => {
    const texts = read(span);
    return texts !== undefined && passes(texts, test);
  };
}

function compileTraceClause(clause: ClauseOf<TraceTextField>): Predicate {
  const read = traceTextReader(clause.field);
  if (clause.kind === 'presence') {
    const wanted = clause.comparator === 'IS NOT NULL';
    return (facts) => (read(facts) !== undefined) === wanted;
  }
  const { not, fits } = compileTextTest(clause);
  const holds: Predicate = (facts) => {
    const text = read(facts);
    return text !== undefined && fits(text) !== not;
  };
  const alsoLinked = clause.comparator === '=' && isRunField(clause.field);
  return alsoLinked ? (facts) => holds(facts) || facts.linkedRuns.some(fits) : holds;
}

function compileAssessmentClause(clause: ClauseOf<AssessmentField>): Predicate {
  const isMeant = assessmentTest(clause.field);
  if (clause.kind === 'presence') {
    const wanted = clause.comparator === 'IS NOT NULL';
    return (facts) => facts.assessments.some(isMeant) === wanted;
  }
  const test = compileTextTest(clause);
  return (facts) =>
    facts.assessments.some((one) => isMeant(one) && passes(valueTexts(one.value), test));
}

function compileLinkClause(clause: ClauseOf<LinkField>): Predicate {
  const read = linksReader(clause.field);
  if (clause.kind === 'presence') {
    const wanted = clause.comparator === 'IS NOT NULL';
    return (facts) => read(facts).length > 0 === wanted;
  }
  const { not, fits } = compileTextTest(clause);
  return (facts) => read(facts).some((link) => fits(link) !== not);
}

function compileNumberClause({ field, comparator, value }: NumberClause): Predicate {
  const test = compileNumberTest(comparator, value);
  switch (field.name) {
    case 'feedback':
    case 'expectation': {
      const isMeant = assessmentTest(field);
      return (facts) =>
        facts.assessments.some(
          (one) => isMeant(one) && typeof one.value === 'number' && test(one.value),
        );
    }
    case 'timestamp_ms':
    case 'execution_time_ms':
    case 'end_time_ms': {
      const read = traceNumberReader(field);
      return (facts) => {
        const number = read(facts);
        return number !== undefined && test(number);
      };
    }
  }
}

function passes(texts: readonly string[], { not, fits }: TextTest): boolean {
  return texts.some(fits) !== not;
}
