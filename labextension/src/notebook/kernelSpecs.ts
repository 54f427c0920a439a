/** Which environment a kernel belongs to, and which kernel an environment: pure functions. */
import { KernelSpec } from '@jupyterlab/services';

import { IEnvironment } from '../api/types';

type Spec = KernelSpec.ISpecModel;

/** The environment that a kernelspec names, empty where it names none. */
export function prefixOf(spec: Spec | null | undefined): string {
  const metadata = (spec?.metadata ?? {}) as {
    kernel_provisioner?: { config?: { prefix?: unknown } };
    conda_env_path?: unknown; // as nb_conda_kernels writes it
  };
  const told =
    metadata.kernel_provisioner?.config?.prefix ?? metadata.conda_env_path;
  if (typeof told === 'string') {
    return told;
  }
  const program = spec?.argv?.[0] ?? '';
  const unix = /^(\/.+)\/bin\/[^/]+$/.exec(program);
  const windows = /^([A-Za-z]:\\.+)\\python\.exe$/i.exec(program);
  return unix?.[1] ?? windows?.[1] ?? '';
}

/** Name of a kernel that runs in an environment, empty where the server knows none. */
export function kernelOf(
  prefix: string,
  specs: { readonly [name: string]: Spec | undefined }
): string {
  const found = Object.entries(specs).filter(
    ([, spec]) => prefixOf(spec) === prefix
  );
  const started = found.find(([, spec]) => isActivated(spec));
  return (started ?? found[0])?.[0] ?? '';
}

/** What a notebook's metadata says of its environment: `metadata.xconda.environment`. */
export interface IReference {
  name: string;
  prefix: string;
}

/** The environment that a notebook refers to; its name counts before its path. */
export function referred(
  metadata: unknown,
  environments: readonly IEnvironment[]
): { wanted: string; environment: IEnvironment | undefined } {
  const told = (metadata as { environment?: Partial<IReference> } | undefined)
    ?.environment;
  const { name, prefix } = told ?? {};
  const environment =
    environments.find(each => name && each.name === name) ??
    environments.find(each => prefix && each.prefix === prefix);
  return { wanted: String(name || prefix || ''), environment };
}

/** Whether a kernel starts through a provisioner that activates its environment. */
function isActivated(spec: Spec | undefined): boolean {
  const metadata = spec?.metadata as { kernel_provisioner?: unknown };
  return metadata?.kernel_provisioner !== undefined;
}
