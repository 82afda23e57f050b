import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from './json-schemas.ts';

/** `npm run schemas`: writes `schemas/*.json` anew. */
const FOLDER = new URL('../../schemas/', import.meta.url);

mkdirSync(FOLDER, { recursive: true });
for (const [file, text] of jsonSchemas()) writeFileSync(new URL(file, FOLDER), text);
