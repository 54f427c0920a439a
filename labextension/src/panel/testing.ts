/** Values and a client for the tests of models. */
import { IClient } from '../api/client';
import {
  IConflict,
  IEnvironment,
  IExportedFile,
  IJob,
  IJobSummary,
  IJobWish,
  INotebookReport,
  IOperation,
  IPackage,
  IPlan,
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

export function anOperation(
  name: string,
  some: Partial<IOperation> = {}
): IOperation {
  const record = { name, version: '1.0', build: '0', channel: 'demo' };
  return {
    kind: 'install',
    movement: 'install',
    name,
    old: null,
    new: record,
    requested_spec: '',
    needed_by: [],
    license_change: null,
    ...some
  };
}

export function aPlan(operations: IOperation[]): IPlan {
  return {
    prefix: '/envs/work',
    operations,
    unchanged: [],
    creates: false,
    update_specs: [],
    remove_specs: [],
    fetch: [],
    download_bytes: 0,
    download_count: 0,
    disk_bytes: 0
  };
}

/** `tool` needs `base-lib >=2`, and what `mid` needs needs `base-lib <2`. */
export function aConflict(): IConflict {
  const claim = {
    versions: '',
    specs: [],
    allowed: '',
    existing: '',
    hidden: ''
  };
  const say = (
    kind: string,
    name: string,
    target: string,
    spec: string,
    versions = ''
  ) => ({
    ...claim,
    kind,
    name,
    target,
    specs: [spec],
    versions
  });
  const nodes = ['tool', 'mid', 'leaf', 'base-lib'].map(id => ({
    id,
    kind: 'package' as const,
    words: id
  }));
  const asked = ['tool', 'mid'].map((name, at) => ({
    id: `request ${at}`,
    kind: 'asked' as const,
    words: `you ask for ${name}`
  }));
  const edge = (source: string, target: string, kind: string) => ({
    source,
    target,
    kind,
    words: `${source} needs ${target}`
  });
  return {
    conflict: {
      claims: [
        say('request', 'tool', 'tool', 'tool'),
        say('request', 'mid', 'mid', 'mid'),
        say('depends', 'leaf', 'base-lib', 'base-lib <2', '1.2'),
        say('depends', 'mid', 'leaf', 'leaf >=1', '1.0'),
        say('depends', 'tool', 'base-lib', 'base-lib >=2')
      ]
    },
    drawing: {
      nodes: [...asked, ...nodes],
      edges: [
        edge('request 0', 'tool', 'request'),
        edge('request 1', 'mid', 'request'),
        edge('leaf', 'base-lib', 'depends'),
        edge('mid', 'leaf', 'depends'),
        edge('tool', 'base-lib', 'depends')
      ]
    },
    relaxations: [[{ kind: 'drop', name: 'mid', spec: 'mid', version: '' }]]
  };
}

export class FakeClient implements IClient {
  readonly known = new Map<string, IJob>();
  readonly byPrefix = new Map<string, IPackage[]>();
  here: IEnvironment[] = [];
  installed: IPackage[] = [];
  confirmed: string[] = [];
  begun: IJobWish[] = [];
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

  async notebook(): Promise<INotebookReport> {
    return { needs: null, drift: { words: [] } };
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
    this.begun.push(wish);
    const id = `j${this.known.size + 1}`;
    const { verb, specs = [] } = wish;
    const prefix = wish.prefix ?? '/envs/work';
    const job = aJob({ id, verb, specs, prefix });
    this.known.set(id, job);
    return job;
  }

  async confirm(id: string): Promise<IJob> {
    this.confirmed.push(id);
    return this.job(id);
  }

  async cancel(id: string): Promise<IJob> {
    return this.job(id);
  }
}
