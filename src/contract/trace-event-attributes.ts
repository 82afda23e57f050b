import { z } from 'zod';

const number = z.union([
  z.number(),
  z.string().regex(/^(-?\d+(\.\d+)?([eE][-+]?\d+)?|NaN|-?Infinity)$/),
]);

/** One value of OpenTelemetry in protobuf JSON: an object whose one field names the type. */
const anyValue: z.ZodType = z
  .looseObject({
    string_value: z.string().nullish(),
    bool_value: z.boolean().nullish(),
    int_value: number.nullish(),
    double_value: number.nullish(),
    bytes_value: z.string().nullish(),
    get array_value() {
      return arrayValue.nullish();
    },
    get kvlist_value() {
      return keyValueList.nullish();
    },
    stringValue: z.string().nullish(),
    boolValue: z.boolean().nullish(),
    intValue: number.nullish(),
    doubleValue: number.nullish(),
    bytesValue: z.string().nullish(),
    get arrayValue() {
      return arrayValue.nullish();
    },
    get kvlistValue() {
      return keyValueList.nullish();
    },
  })
  .meta({ id: 'OpenTelemetryValue' });

const keyValue = z.looseObject({ key: z.string().nullish(), value: anyValue.nullish() });
const arrayValue = z
  .looseObject({ values: z.array(anyValue.nullish()).nullish() })
  .meta({ id: 'OpenTelemetryArray' });
const keyValueList = z
  .looseObject({ values: z.array(keyValue).nullish() })
  .meta({ id: 'OpenTelemetryMap' });

const map = z
  .record(z.string(), z.unknown())
  .describe('Values are JSON text (MLflow Python) or mean themselves (MLflow TypeScript).');
const list = z.array(keyValue).describe('OpenTelemetry in protobuf JSON.');

export const attributes = z
  .union([map, list])
  .meta({
    id: 'Attributes',
    description:
      'mlflow.spanInputs, mlflow.spanOutputs, mlflow.spanType, mlflow.traceRequestId and any other.',
  })
  .nullish();
