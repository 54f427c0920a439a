import { XcondaFailure } from '../../api/client';
import { IJobWish } from '../../api/types';
import { PanelModel } from '../model';
import { USUAL } from '../settings';
import {
  aJob,
  anEnvironment,
  anOperation,
  aPackage,
  aPlan,
  FakeClient
} from '../testing';

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

  it('follows the notebook in front until somebody picks an environment, and again when told', async () => {
    const client = new FakeClient();
    client.here = ['a', 'b', 'c'].map(anEnvironment);
    const model = new PanelModel(client);
    await model.refresh();
    await model.follow('/envs/b');
    expect(model.prefix).toBe('/envs/b');
    await model.follow('/somewhere/else');
    expect(model.prefix).toBe('/envs/b');
    await model.pick('/envs/c');
    await model.follow('/envs/a');
    expect(model.prefix).toBe('/envs/c');
    const other = new PanelModel(client);
    other.restore(model.kept);
    await other.refresh();
    await other.follow('/envs/a');
    expect(other.prefix).toBe('/envs/c');
    await other.followFrom('/envs/a');
    await other.follow('/envs/b');
    expect(other.prefix).toBe('/envs/b');
    model.dispose();
    other.dispose();
  });

  it('shows another environment once the chosen one is gone, and says so', async () => {
    const client = new FakeClient();
    client.here = [anEnvironment('base'), anEnvironment('work')];
    const model = new PanelModel(client);
    await model.refresh();
    await model.begin({ verb: 'remove environment', prefix: '/envs/work' });
    expect(model.environment?.name).toBe('work');
    const [job] = model.jobs.jobs;
    client.here = [anEnvironment('base')];
    const plan = { ...aPlan([]), removes: '/envs/work' };
    client.known.set(job.id, { ...job, plan, status: 'succeeded' });
    await model.jobs.look(job.id);
    await new Promise(done => setTimeout(done, 0));
    expect(model.environment?.name).toBe('base');
    expect(model.done?.id).toBe(job.id);
    model.dispose();
  });

  it('says nothing of an environment that somebody else has removed', async () => {
    const client = new FakeClient();
    client.here = [anEnvironment('base'), anEnvironment('work')];
    const model = new PanelModel(client);
    await model.refresh();
    await model.begin({ verb: 'install', prefix: '/envs/work' });
    const [job] = model.jobs.jobs;
    const plan = aPlan([anOperation('numpy')]);
    client.known.set(job.id, { ...job, plan, status: 'succeeded' });
    await model.jobs.look(job.id);
    await new Promise(done => setTimeout(done, 0));
    expect(model.done?.id).toBe(job.id);
    client.here = [anEnvironment('base'), anEnvironment('science')];
    await model.refresh();
    expect(model.environment?.name).toBe('base');
    expect(model.done).toBeNull();
    await model.follow('/envs/science');
    expect(model.environment?.name).toBe('science');
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

  it.each([
    ['succeeded', 2],
    ['failed', 1],
    ['cancelled', 1]
  ] as const)(
    'goes on after a change that has to come first: %s',
    async (status, begun) => {
      const client = new FakeClient();
      client.here = [anEnvironment('work')];
      const model = new PanelModel(client);
      await model.refresh();
      const then: IJobWish = { verb: 'install', specs: ['apple'] };
      await model.begin({ verb: 'remove', specs: ['pear'] }, then);
      const [job] = model.jobs.jobs;
      client.known.set(job.id, { ...job, status });
      await model.jobs.look(job.id);
      await new Promise(done => setTimeout(done, 0));
      expect(client.known.size).toBe(begun);
      model.dispose();
    }
  );

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

  it('asks before every plan, or only where one takes something away', async () => {
    for (const [confirm, movement, confirmed] of [
      ['always', 'install', 0],
      ['removals', 'install', 1],
      ['removals', 'remove', 0]
    ] as const) {
      const client = new FakeClient();
      client.here = [anEnvironment('work')];
      const model = new PanelModel(client);
      await model.refresh();
      model.applySettings({ ...USUAL, confirm });
      await model.begin({ verb: 'install', specs: ['tool'] });
      const [job] = model.jobs.jobs;
      const plan = aPlan([anOperation('tool', { movement })]);
      client.known.set(job.id, { ...job, plan, awaits_confirmation: true });
      await model.jobs.look(job.id);
      await model.jobs.look(job.id);
      expect([confirm, movement, client.confirmed.length]).toEqual([
        confirm,
        movement,
        confirmed
      ]);
      model.dispose();
    }
  });

  it('never confirms a plan that somebody else began', async () => {
    const client = new FakeClient();
    client.here = [anEnvironment('work')];
    const model = new PanelModel(client);
    model.applySettings({ ...USUAL, confirm: 'removals' });
    const plan = aPlan([anOperation('tool')]);
    client.known.set('j9', aJob({ id: 'j9', plan, awaits_confirmation: true }));
    await model.jobs.look('j9');
    expect(client.confirmed).toEqual([]);
    model.dispose();
  });

  it('finds what can be updated by a plan that is not carried out', async () => {
    const client = new FakeClient();
    client.here = [anEnvironment('work')];
    const model = new PanelModel(client);
    await model.refresh();
    const asking = model.findUpdates();
    await new Promise(done => setTimeout(done, 0));
    const [job] = model.jobs.jobs;
    const plan = aPlan([anOperation('tool', { movement: 'upgrade' })]);
    client.known.set(job.id, {
      ...job,
      plan,
      dry_run: true,
      status: 'succeeded'
    });
    await model.jobs.look(job.id);
    await asking;
    expect([...(model.updates ?? [])]).toEqual([['tool', '1.0']]);
    expect(model.currentJob).toBeUndefined();
    model.dispose();
  });

  it('offers no change of what is frozen or belongs to somebody else', async () => {
    for (const some of [{ is_frozen: true }, { is_writable: false }]) {
      const client = new FakeClient();
      client.here = [{ ...anEnvironment('work'), ...some }];
      const model = new PanelModel(client);
      await model.refresh();
      expect(model.canChange).toBe(false);
      model.dispose();
    }
  });

  it('comes back to the tab and the environment it was left at', async () => {
    const client = new FakeClient();
    client.here = [anEnvironment('a'), anEnvironment('b')];
    const model = new PanelModel(client);
    model.restore({ tab: 'history', prefix: '/envs/b' });
    await model.refresh();
    expect(model.kept).toEqual({
      tab: 'history',
      prefix: '/envs/b',
      isPicked: false
    });
    model.restore({ prefix: '/envs/gone', tab: 'odd' as never });
    await model.refresh();
    expect(model.kept).toMatchObject({ tab: 'history', prefix: '/envs/a' });
    model.dispose();
  });
});
