import { decodeAttribute } from './attribute.ts';
import { deepFreeze } from './deep-freeze.ts';
import { exactJsonText } from './exact-json-text.ts';

/** What a span event holds: an exception, a streamed chunk, a log line. */
export interface SpanEvent {
  readonly name: string;
  /** Nanoseconds since the epoch; 0n where the client gave none. */
  readonly timeUnixNano: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface SpanStatus {
  readonly code: 'OK' | 'ERROR' | 'UNSET';
  readonly message: string;
}

/** What it takes to make a span. Attributes come as they stand on the wire and are decoded on first use. */
export interface SpanInit {
  /** 16 hex digits in the usual case. */
  readonly spanId: string;
  /** null for a root span. */
  readonly parentId: string | null;
  readonly traceId: string;
  readonly name: string;
  readonly startTimeUnixNano: bigint;
  /** null while the span is running. */
  readonly endTimeUnixNano: bigint | null;
  readonly status: SpanStatus;
  readonly events: readonly SpanEvent[];
  /** Wire values: JSON text (MLflow Python) or plain values (MLflow TypeScript, protobuf). */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** True where `attributes` holds decoded values and a string means itself (protobuf JSON). */
  readonly attributesAreDecoded?: boolean;
}

/**
 * One step of a trace. Inputs, outputs and attributes are decoded when they are read. All of it is frozen:
 * the scorers of a trace share it.
 */
export class Span {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly traceId: string;
  readonly name: string;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint | null;
  readonly status: SpanStatus;
  readonly events: readonly SpanEvent[];
  readonly #wire: Readonly<Record<string, unknown>>;
  readonly #decoded: boolean;
  #attributes: Readonly<Record<string, unknown>> | undefined;

  constructor(init: SpanInit) {
    this.spanId = init.spanId;
    this.parentId = init.parentId;
    this.traceId = init.traceId;
    this.name = init.name;
    this.startTimeUnixNano = init.startTimeUnixNano;
    this.endTimeUnixNano = init.endTimeUnixNano;
    this.status = deepFreeze(init.status);
    this.events = deepFreeze(init.events);
    this.#wire = init.attributes;
    this.#decoded = init.attributesAreDecoded ?? false;
    Object.freeze(this);
  }

  /** Decoded attributes. Text that is not JSON, or JSON of more than 1,000 levels, stays the text it is. */
  get attributes(): Readonly<Record<string, unknown>> {
    this.#attributes ??= Object.freeze(
      Object.fromEntries(Object.keys(this.#wire).map((key) => [key, this.attribute(key)])),
    );
    return this.#attributes;
  }

  /** One decoded attribute; null when it is absent or empty. */
  attribute(key: string): unknown {
    if (!Object.hasOwn(this.#wire, key)) return null;
    const value = this.#wire[key];
    return deepFreeze(this.#decoded ? (value ?? null) : decodeAttribute(value));
  }

  /**
   * Every attribute as JSON text that decodes to the same value, in wire order. JSON text of the client
   * stays as it is, with numbers of any length.
   */
  attributeTexts(): readonly (readonly [key: string, text: string])[] {
    return Object.entries(this.#wire).map(([key, value]) => [key, this.#toText(value)]);
  }

  #toText(value: unknown): string {
    if (this.#decoded || typeof value !== 'string') return exactJsonText(value);
    // Text that is not JSON, or is nested too deep, decodes to itself.
    return decodeAttribute(value) === value ? exactJsonText(value) : value || 'null';
  }

  get inputs(): unknown {
    return this.attribute('mlflow.spanInputs');
  }

  get outputs(): unknown {
    return this.attribute('mlflow.spanOutputs');
  }

  /** `LLM`, `TOOL`, `RETRIEVER` … or any other text; `UNKNOWN` when the client gave none. */
  get spanType(): string {
    const type = this.attribute('mlflow.spanType');
    return typeof type === 'string' && type !== '' ? type : 'UNKNOWN';
  }

  /** Milliseconds; null while the span is running. */
  get durationMs(): number | null {
    if (this.endTimeUnixNano === null) return null;
    return Number(this.endTimeUnixNano - this.startTimeUnixNano) / 1e6;
  }
}
