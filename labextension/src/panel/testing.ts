/** Values and a client for the tests of models. */
import { IClient } from '../api/client';
import {
  IEnvironment,
  IExportedFile,
  IJob,
  IJobSummary,
  IJobWish,
  IPackage,
  IRevision
} from '../api/types';

export function aPackage(
  name: string,
  version: string,
  size: number | null = null
): IPackage {
  return {
    name,
    version,
    build: '0',
    build_number: 0,
    channel: 'demo',
    subdir: 'noarch',
    url: '',
    size,
    license: null,
    depends: [],
    timestamp: null
  };
}

export function anEnvironment(name: string): IEnvironment {
  return {
    name,
    prefix: `/envs/${name}`,
    is_base: false,
    is_active: false,
    is_writable: true,
    is_frozen: false,
    kernel: null
  };
}

export function aJob(some: Partial<IJob>): IJob {
  return {
    id: 'job',
    status: 'running',
    verb: 'install',
    prefix: '/envs/work',
    specs: [],
    command: 'xconda install',
    dry_run: false,
    owner: { kind: 'server', pid: 1, host: 'here' },
    started: 1,
    updated: 1,
    seconds: 0,
    phase: 'index',
    fraction: 0,
    words: 'Reading channels',
    awaits_confirmation: false,
    is_cancelling: false,
    amount: { done: 0, total: 0 },
    downloaded: { done: 0, total: 0 },
    package: '',
    notices: [],
    plan: null,
    error: null,
    transaction: null,
    asked: {
      specs: [],
      update_all: false,
      revision: null,
      channels: [],
      override_channels: false
    },
    ...some
  };
}

export class FakeClient implements IClient {
  readonly known = new Map<string, IJob>();
  readonly byPrefix = new Map<string, IPackage[]>();
  here: IEnvironment[] = [];
  installed: IPackage[] = [];
  looks = 0;

  async environments(): Promise<IEnvironment[]> {
    return this.here;
  }

  async packages(prefix: string): Promise<IPackage[]> {
    return this.byPrefix.get(prefix) ?? this.installed;
  }

  async search(): Promise<IPackage[]> {
    return [];
  }

  async history(): Promise<IRevision[]> {
    return [];
  }

  async exportFile(_: string, format: string): Promise<IExportedFile> {
    return { format, text: '' };
  }

  async jobs(): Promise<IJobSummary[]> {
    return [...this.known.values()];
  }

  async job(id: string): Promise<IJob> {
    this.looks += 1;
    return this.known.get(id) as IJob;
  }

  async begin(wish: IJobWish): Promise<IJob> {
    const id = `j${this.known.size + 1}`;
    const { verb, specs = [] } = wish;
    const prefix = wish.prefix ?? '/envs/work';
    const job = aJob({ id, verb, specs, prefix });
    this.known.set(id, job);
    return job;
  }

  async confirm(id: string): Promise<IJob> {
    return this.job(id);
  }

  async cancel(id: string): Promise<IJob> {
    return this.job(id);
  }
}
