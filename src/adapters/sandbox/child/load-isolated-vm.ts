import type isolatedVm from 'isolated-vm';

export type IsolatedVm = typeof isolatedVm;

/** Loads the compiled library itself: no file of the package needs to be readable as JavaScript. */
export function loadIsolatedVm(file: string): IsolatedVm {
  const module: { exports: { readonly ivm?: IsolatedVm } } = { exports: {} };
  process.dlopen(module, file);
  if (module.exports.ivm === undefined) throw new Error(`${file} is not isolated-vm`);
  return module.exports.ivm;
}
