/** A scorer cannot be made as asked: its name, settings, configuration or sampling is not right. */
export class ScorerDefinitionError extends TypeError {
  /** What is wrong, such as `name`, `timeoutMs` or `config.min`. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = 'ScorerDefinitionError';
    this.field = field;
  }
}
