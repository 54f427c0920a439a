import { XcondaFailure } from '../../api/client';
import { IFailure } from '../../api/types';
import { JobsModel } from '../model';
import { aJob, FakeClient } from '../../panel/testing';

describe('JobsModel', () => {
  it('shows the answer of the newest look, whoever began the job', async () => {
    const client = new FakeClient();
    client.known.set('j1', aJob({ id: 'j1', fraction: 0.5 }));
    const model = new JobsModel(client);
    await model.look('j1');
    expect(model.jobs.map(job => job.fraction)).toEqual([0.5]);
    model.dispose();
  });

  it('says once that a job has finished', async () => {
    const client = new FakeClient();
    const model = new JobsModel(client);
    const ended: string[] = [];
    model.finished.connect((_, job) => ended.push(job.status));
    const job = await model.begin({ verb: 'install', specs: ['numpy'] });
    client.known.set(job.id, { ...job, status: 'succeeded' });
    await model.look(job.id);
    await model.look(job.id);
    expect(ended).toEqual(['succeeded']);
    model.dispose();
  });

  it('says so of a job that was over at the first look, but not of old ones', async () => {
    const client = new FakeClient();
    client.known.set('old', aJob({ id: 'old', status: 'succeeded' }));
    const model = new JobsModel(client);
    const ended: string[] = [];
    model.finished.connect((_, job) => ended.push(job.id));
    await model.load();
    client.known.set('quick', aJob({ id: 'quick', status: 'succeeded' }));
    await model.look('quick');
    await model.look('old');
    expect(ended).toEqual(['quick']);
    model.dispose();
  });

  it('does not go back to running when an older answer comes late', async () => {
    const client = new FakeClient();
    const model = new JobsModel(client);
    const job = await model.begin({ verb: 'install' });
    client.known.set(job.id, { ...job, status: 'cancelled' });
    await model.look(job.id);
    client.known.set(job.id, job);
    await model.look(job.id);
    expect(model.jobs[0].status).toBe('cancelled');
    model.dispose();
  });

  it('answers many events with as few looks as will do', async () => {
    const client = new FakeClient();
    client.known.set('j1', aJob({ id: 'j1' }));
    const model = new JobsModel(client);
    await Promise.all([...Array(20)].map(() => model.look('j1')));
    expect(client.looks).toBeLessThanOrEqual(2);
    model.dispose();
  });

  it('asks again when a server that gave no answer has come back', async () => {
    jest.useFakeTimers();
    const client = new FakeClient();
    const model = new JobsModel(client);
    const job = await model.begin({ verb: 'install' });
    const ask = jest.spyOn(client, 'job');
    ask.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(model.look(job.id)).rejects.toThrow('Failed to fetch');
    client.known.set(job.id, { ...job, status: 'cancelled' });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(model.jobs[0].status).toBe('cancelled');
    model.dispose();
    jest.useRealTimers();
  });

  it('forgets a job that the server says twice it knows nothing of', async () => {
    const client = new FakeClient();
    const model = new JobsModel(client);
    const job = await model.begin({ verb: 'install' });
    const failure = new XcondaFailure({ what: 'no such job' } as IFailure, 404);
    jest.spyOn(client, 'job').mockRejectedValue(failure);
    await expect(model.look(job.id)).rejects.toThrow('no such job');
    expect(model.jobs.map(each => each.id)).toEqual([job.id]);
    await expect(model.look(job.id)).rejects.toThrow('no such job');
    expect(model.jobs).toEqual([]);
    model.dispose();
  });
});
