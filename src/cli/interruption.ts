/**
 * Why a command is to end early: the reason of the context's signal. A command that ends on its own
 * in time exits with 0; one that lets this error through exits with `exitCode`, without a word.
 */
export class Interruption extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = 'Interruption';
    this.exitCode = exitCode;
  }
}
