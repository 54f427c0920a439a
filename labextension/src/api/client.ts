/** Asks the server extension; a failure is thrown as what it says. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import {
  IEnvironment,
  IExportedFile,
  IFailure,
  IJob,
  IJobSummary,
  IJobWish,
  INotebookReport,
  IPackage,
  IRevision
} from './types';

/** What was asked could not be done: what happened, why, and what to do. */
export class XcondaFailure extends Error {
  constructor(
    readonly failure: IFailure,
    readonly status: number
  ) {
    super(failure.what);
  }
}

/** The part of the server that the panels use; tests hand them another. */
export interface IClient {
  environments(): Promise<IEnvironment[]>;
  packages(prefix: string): Promise<IPackage[]>;
  search(prefix: string, query: string): Promise<IPackage[]>;
  history(prefix: string): Promise<IRevision[]>;
  exportFile(prefix: string, format: string): Promise<IExportedFile>;
  notebook(path: string): Promise<INotebookReport>;
  jobs(): Promise<IJobSummary[]>;
  job(id: string): Promise<IJob>;
  begin(wish: IJobWish): Promise<IJob>;
  confirm(id: string): Promise<IJob>;
  cancel(id: string): Promise<IJob>;
}

/** The server that JupyterLab came from. */
export class Client implements IClient {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  async environments(): Promise<IEnvironment[]> {
    const found = await this.get<{ environments: IEnvironment[] }>(
      'environments'
    );
    return found.environments;
  }

  async packages(prefix: string): Promise<IPackage[]> {
    const found = await this.get<{ packages: IPackage[] }>('packages', {
      prefix
    });
    return found.packages;
  }

  async search(prefix: string, query: string): Promise<IPackage[]> {
    const found = await this.get<{ packages: IPackage[] }>('search', {
      prefix,
      query
    });
    return found.packages;
  }

  async history(prefix: string): Promise<IRevision[]> {
    const found = await this.get<{ revisions: IRevision[] }>('history', {
      prefix
    });
    return found.revisions;
  }

  exportFile(prefix: string, format: string): Promise<IExportedFile> {
    return this.get<IExportedFile>('export', { prefix, format });
  }

  notebook(path: string): Promise<INotebookReport> {
    return this.get<INotebookReport>('notebook', { path });
  }

  async jobs(): Promise<IJobSummary[]> {
    return (await this.get<{ jobs: IJobSummary[] }>('jobs')).jobs;
  }

  job(id: string): Promise<IJob> {
    return this.get<IJob>(`jobs/${id}`);
  }

  begin(wish: IJobWish): Promise<IJob> {
    return this.send<IJob>('jobs', 'POST', wish);
  }

  confirm(id: string): Promise<IJob> {
    return this.send<IJob>(`jobs/${id}/confirm`, 'POST', {});
  }

  cancel(id: string): Promise<IJob> {
    return this.send<IJob>(`jobs/${id}`, 'DELETE');
  }

  private get<T>(path: string, query: { [name: string]: string } = {}) {
    return this.send<T>(path + URLExt.objectToQueryString(query), 'GET');
  }

  private async send<T>(
    path: string,
    method: string,
    body?: unknown
  ): Promise<T> {
    const url = URLExt.join(this.settings.baseUrl, 'xconda', path);
    const response = await ServerConnection.makeRequest(
      url,
      { method, body: body === undefined ? undefined : JSON.stringify(body) },
      this.settings
    );
    const text = await response.text();
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      document = null;
    }
    if (!response.ok || document === null) {
      throw new XcondaFailure(asFailure(document, response), response.status);
    }
    return document as T;
  }
}

function asFailure(document: unknown, response: Response): IFailure {
  const told = (document ?? {}) as Partial<IFailure> & { message?: string };
  return {
    code: told.code ?? `http-${response.status}`,
    what: told.what ?? `The server answered ${response.status}.`,
    why: told.why ?? told.message ?? response.statusText,
    fix:
      told.fix ??
      (response.status === 404
        ? 'check that the server extension is on: `jupyter server extension list`.'
        : 'reload the page; the server log may tell more.'),
    facts: told.facts ?? {}
  };
}
