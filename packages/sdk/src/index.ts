export { AGGREGATIONS } from './aggregation.ts';
export type { Aggregation } from './aggregation.ts';
export { isScorer, isScorerClass } from './any-scorer.ts';
export type { AnyScorer, ScorerClass } from './any-scorer.ts';
export type {
  Answer,
  AnswerError,
  Answerer,
  AnswerFeedback,
  AnswerOutcome,
} from './answer/answer.ts';
export { findExcess } from './answer/find-excess.ts';
export { readAnswer, refusedAnswer } from './answer/read-answer.ts';
export type { Returned } from './answer/read-answer.ts';
export { MAX_EVENT_BYTES, MAX_RESULT_BYTES } from './answer/result-limits.ts';
export type { RefusalCode } from './answer/return-refused.ts';
export { sanitizeText } from './answer/sanitize-text.ts';
export { AssessmentError, isAssessmentError } from './assessment-error.ts';
export type { AssessmentErrorInit } from './assessment-error.ts';
export type { Assessment, AssessmentSource, SourceType } from './assessment.ts';
export { decodeAttribute } from './attribute.ts';
export { AssayClientError } from './client/assay-client-error.ts';
export type { AssayClientErrorCode, AssayClientErrorInit } from './client/assay-client-error.ts';
export { AssayClient } from './client/assay-client.ts';
export { builtin } from './client/builtin.ts';
export type { BuiltinName } from './client/builtin.ts';
export type { AssayClientOptions, Fetch } from './client/client-settings.ts';
export type { ApiRequest, AssayConnection } from './client/connection.ts';
export type {
  FilterCheck,
  FilterCheckOptions,
  FilterExample,
  FilterExplanation,
} from './client/filter-check.ts';
export type { TracesOptions } from './client/iterate-traces.ts';
export type {
  LifecycleCall,
  RegisterOptions,
  SamplingChange,
  ScorerLifecycle,
  StartOptions,
  TargetOptions,
} from './client/lifecycle.ts';
export {
  deleteScorer,
  getScorer,
  listScorers,
  listScorerVersions,
} from './client/registered-scorers.ts';
export type { ScorerQuery, ScorerVersion } from './client/registered-scorers.ts';
export type { RegisteredStatus, Registration, ScorerStatus } from './client/registration.ts';
export { ServiceScorer } from './client/service-scorer.ts';
export type {
  ExplainedRecord,
  ExplainOptions,
  RecordPosition,
  ScorerExplanation,
  TraceExplanation,
} from './client/trace-explanation.ts';
export type { CallOptions, FoundTrace, SearchOptions, TracePage } from './client/trace-search.ts';
export type { EvaluationAggregate } from './evaluate/aggregate-rows.ts';
export type { EvaluateOptions, EvaluationProgress } from './evaluate/evaluate-options.ts';
export { evaluate } from './evaluate/evaluate.ts';
export type {
  DataRow,
  EvaluationData,
  EvaluationItem,
  InputsOf,
  TraceRow,
} from './evaluate/evaluation-data.ts';
export { EvaluationError } from './evaluate/evaluation-error.ts';
export type { EvaluationErrorCode } from './evaluate/evaluation-error.ts';
export type { EvaluationResult } from './evaluate/evaluation-result.ts';
export type { EvaluationRow, ScorerResult } from './evaluate/evaluation-row.ts';
export type {
  EvaluationScorer,
  FeedbackOf,
  ScoreFunction,
} from './evaluate/evaluation-scorers.ts';
export type { Predict, PredictContext } from './evaluate/run-predict.ts';
export { DEFAULT_FEEDBACK_NAME, Feedback, isFeedback } from './feedback.ts';
export type { FeedbackInit, FeedbackSource } from './feedback.ts';
export { scorer } from './function-scorer.ts';
export type { FunctionScorer } from './function-scorer.ts';
export type { Json, JsonObject } from './json.ts';
export { isNotApplicable, notApplicable } from './not-applicable.ts';
export type { NotApplicable } from './not-applicable.ts';
export { parseTrace } from './parse-trace.ts';
export { parsePythonJson } from './python-json.ts';
export { activeSpan } from './recording/active-span.ts';
export type { ActiveSpan } from './recording/active-span.ts';
export type { SpanOptions } from './recording/open-span.ts';
export { recordTrace } from './recording/record-trace.ts';
export type { Recorded } from './recording/record-trace.ts';
export { trace } from './recording/trace-function.ts';
export type { TracedFunction, TraceOptions } from './recording/trace-function.ts';
export { toSamplingConfig } from './sampling-config.ts';
export type { SamplingConfig, SamplingOptions } from './sampling-config.ts';
export { ScorerDefinitionError } from './scorer-definition-error.ts';
export { scorerArguments } from './scorer-input.ts';
export type { ScorerArguments, ScorerInput } from './scorer-input.ts';
export type { ScorerReturn } from './scorer-return.ts';
export type { ScorerOptions, ScorerSettings } from './scorer-settings.ts';
export { Scorer } from './scorer.ts';
export type { ClassScorerOptions } from './scorer.ts';
export { Span } from './span.ts';
export type { SpanEvent, SpanInit, SpanStatus } from './span.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.ts';
export { stringifyTrace } from './stringify-trace.ts';
export { Trace } from './trace.ts';
export type { SpanQuery, TraceInfo, TraceState } from './trace.ts';
