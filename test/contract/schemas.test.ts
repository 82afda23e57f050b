import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../src/contract/json-schemas.ts';

const FOLDER = new URL('../../schemas/', import.meta.url);

describe('the folder schemas', () => {
  it('holds exactly the schemas of the contract, and the sampling vectors', () => {
    const files = [...jsonSchemas().keys(), 'sampling-vectors.json'];
    expect(readdirSync(FOLDER).toSorted()).toEqual(files.toSorted());
  });

  it.each([...jsonSchemas()])('%s is current: npm run schemas writes it anew', (file, text) => {
    expect(readFileSync(new URL(file, FOLDER), 'utf8')).toBe(text);
  });

  it.each([...jsonSchemas()])('%s is JSON Schema 2020-12 whose references exist', (_, text) => {
    const schema = JSON.parse(text) as { readonly $defs?: object };
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    expect(Object.keys(schema)).toEqual(expect.arrayContaining(['title', 'description']));
    const references = [...text.matchAll(/"\$ref": "#\/\$defs\/(\w+)"/g)].map(([, name]) => name);
    expect(Object.keys(schema.$defs ?? {})).toEqual(expect.arrayContaining(references));
  });
});
