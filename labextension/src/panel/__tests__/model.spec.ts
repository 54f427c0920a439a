import { XcondaFailure } from '../../api/client';
import { PanelModel } from '../model';
import { anEnvironment, aPackage, FakeClient } from '../testing';

describe('PanelModel', () => {
  it('begins with the active environment', async () => {
    const client = new FakeClient();
    client.here = [
      anEnvironment('base'),
      { ...anEnvironment('work'), is_active: true }
    ];
    client.installed = [aPackage('numpy', '2.0')];
    const model = new PanelModel(client);
    await model.refresh();
    expect(model.environment?.name).toBe('work');
    expect(model.packages.map(each => each.name)).toEqual(['numpy']);
    model.dispose();
  });

  it('shows a failure in the words of the server until the next deed', async () => {
    const model = new PanelModel(new FakeClient());
    const failure = {
      code: 'frozen',
      what: 'Nothing was done.',
      why: 'It is frozen.',
      fix: 'Thaw it.',
      facts: {}
    };
    await model.reporting(() =>
      Promise.reject(new XcondaFailure(failure, 422))
    );
    expect(model.failure).toEqual(failure);
    await model.reporting(() => Promise.resolve());
    expect(model.failure).toBeNull();
    model.dispose();
  });

  it('reads the environment again once a job has changed it', async () => {
    const client = new FakeClient();
    client.here = [anEnvironment('work')];
    const model = new PanelModel(client);
    await model.refresh();
    await model.begin({ verb: 'install', specs: ['pandas'] });
    const [job] = model.jobs.jobs;
    client.installed = [aPackage('pandas', '3.0')];
    client.known.set(job.id, { ...job, status: 'succeeded' });
    await model.jobs.look(job.id);
    await new Promise(done => setTimeout(done, 0));
    expect(model.packages.map(each => each.name)).toEqual(['pandas']);
    model.dispose();
  });

  it('does not show the packages of an environment that was left meanwhile', async () => {
    const client = new FakeClient();
    client.here = [anEnvironment('a'), anEnvironment('b')];
    const model = new PanelModel(client);
    await model.refresh();
    client.byPrefix.set('/envs/b', [aPackage('of-b', '1')]);
    client.byPrefix.set('/envs/a', [aPackage('of-a', '1')]);
    const slow = model.choose('/envs/b');
    const fast = model.choose('/envs/a');
    await Promise.all([slow, fast]);
    expect(model.packages.map(each => each.name)).toEqual(['of-a']);
    model.dispose();
  });
});
