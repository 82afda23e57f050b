import { decodeAttribute } from './attribute.ts';

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

/** One step of a trace. Inputs, outputs and attributes are decoded when first read. */
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
    this.status = init.status;
    this.events = init.events;
    this.#wire = init.attributes;
    this.#decoded = init.attributesAreDecoded ?? false;
  }

  /** Decoded attributes. A value that is not JSON text stays the text it is. */
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
    return this.#decoded ? (value ?? null) : decodeAttribute(value);
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
