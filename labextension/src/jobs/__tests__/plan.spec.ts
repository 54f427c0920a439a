import { nullTranslator } from '@jupyterlab/translation';

import { IOperation, IPlan } from '../../api/types';
import { anOperation, aPlan } from '../../panel/testing';
import {
  canBeUndone,
  costWords,
  doneWords,
  endsIt,
  inOrder,
  isDoubtful,
  licenceWords,
  nameOf,
  planWords,
  reasons,
  sideWords,
  takesAway
} from '../plan';

const trans = nullTranslator.load('xconda');

describe('inOrder', () => {
  it('begins with what is taken away', () => {
    const steps = ['install', 'upgrade', 'downgrade', 'remove'].map(movement =>
      anOperation(movement, { movement })
    );
    expect(inOrder(steps).map(each => each.name)).toEqual([
      'remove',
      'downgrade',
      'upgrade',
      'install'
    ]);
  });
});

describe('isDoubtful', () => {
  const signed = { name: 'tool', status: 'signed', why: '' };
  const plan = (status: string, problem = ''): IPlan => ({
    ...aPlan([anOperation('tool')]),
    trust: { problem, packages: [{ ...signed, status }], words: [] }
  });

  it('is nothing where nobody asked for signatures', () => {
    expect(isDoubtful(aPlan([anOperation('tool')]))).toBe(false);
    expect(isDoubtful({ ...plan('signed'), trust: null })).toBe(false);
  });

  it('is what is not signed, and keys that are not well', () => {
    expect(isDoubtful(plan('signed'))).toBe(false);
    expect(isDoubtful(plan('unsigned'))).toBe(true);
    expect(isDoubtful(plan('signed', 'the keys expired'))).toBe(true);
  });
});

describe('a plan about a whole environment', () => {
  const gone = anOperation('tool', {
    kind: 'remove',
    movement: 'remove',
    new: null
  });
  const removal = { ...aPlan([gone]), removes: '/envs/work', foreign: ['a'] };
  const renaming = { ...aPlan([anOperation('tool')]), removes: '/envs/old' };
  const replacing = {
    ...aPlan([gone]),
    creates: true,
    onto: 'environment' as const
  };
  const losses = (plan: IPlan) =>
    sideWords(plan, trans).filter(each => each.isLoss).length;

  it('takes away what nothing brings back, and says so', () => {
    expect(endsIt(removal)).toBe(true);
    expect(takesAway(removal)).toBe(true);
    expect(canBeUndone(removal)).toBe(false);
    expect(losses(removal)).toBe(2);
    expect(doneWords(removal, trans)).toBe('work is removed');
    expect(reasons(removal, trans)(gone)).toBe('goes with the environment');
  });

  it('gives another name, which is no loss but cannot be undone', () => {
    expect(endsIt(renaming)).toBe(false);
    expect(canBeUndone(renaming)).toBe(false);
    expect(losses(renaming)).toBe(0);
    expect(doneWords(renaming, trans)).toBe('old is now work');
  });

  it('replaces one, which undo brings back', () => {
    expect(takesAway(replacing)).toBe(true);
    expect(canBeUndone(replacing)).toBe(true);
    expect(canBeUndone({ ...replacing, onto: '' })).toBe(false);
    expect(reasons(replacing, trans)(gone)).toBe('the new one does without');
  });

  it('says what is set and what pip installs', () => {
    const plan = { ...aPlan([]), variables: ['A'], pip: ['x', 'y', 'z', 'w'] };
    expect(sideWords(plan, trans).map(each => each.words)).toEqual([
      'Sets on activation: A',
      'pip then installs: x, y, z and 1 more'
    ]);
  });
});

describe('reasons', () => {
  const plan: IPlan = {
    ...aPlan([
      anOperation('tool', { requested_spec: 'tool' }),
      anOperation('base-lib', { needed_by: ['tool'] }),
      anOperation('popular', { needed_by: ['a', 'b', 'c', 'd', 'e'] }),
      anOperation('gone', { kind: 'remove', movement: 'remove', new: null })
    ]),
    update_specs: ['tool']
  };
  const why = (name: string, other = plan) =>
    reasons(
      other,
      trans
    )(other.operations.find(each => each.name === name) as IOperation);

  it('tells what was asked for from what that needs', () => {
    expect(why('tool')).toBe('you asked for tool');
    expect(why('base-lib')).toBe('needed by tool');
    expect(why('popular')).toBe('needed by a, b, c and 2 more');
  });

  it('tells a removal that was asked for from one that follows', () => {
    expect(why('gone')).toMatch(/nothing needs it/);
    expect(why('gone', { ...plan, remove_specs: ['gone'] })).toBe(
      'you asked for it to go'
    );
  });
});

describe('words of a plan', () => {
  const smaller = anOperation('a', { kind: 'change', movement: 'downgrade' });
  it('count, and say what is to be downloaded', () => {
    const plan = aPlan([smaller, anOperation('b'), anOperation('c')]);
    expect(planWords(plan, trans)).toBe('1 to downgrade · 2 to install');
    expect(
      costWords({ ...plan, download_bytes: 2e6, disk_bytes: 3e6 }, trans)
    ).toBe('2.0 MB to download · at least 3.0 MB on disk');
    const unknown = { ...plan, download_count: 2, disk_bytes: 0 };
    expect(costWords(unknown, trans)).toBe('downloads of unknown size');
    expect(takesAway(plan)).toBe(true);
    expect(takesAway(aPlan([anOperation('b')]))).toBe(false);
  });

  it('say how the licence changes, and nothing where it stays', () => {
    const change = { old: 'MIT', new: 'GPL-3.0-only' };
    expect(licenceWords({ ...smaller, license_change: change }, trans)).toBe(
      'licence: MIT → GPL-3.0-only'
    );
    const unknown = { old: null, new: 'MIT' };
    expect(licenceWords({ ...smaller, license_change: unknown }, trans)).toBe(
      ''
    );
    expect(licenceWords(smaller, trans)).toBe('');
  });
});

describe('nameOf', () => {
  it.each([
    ['numpy', 'numpy'],
    ['Numpy >=2,<3', 'numpy'],
    ['conda-forge::numpy=2', 'numpy'],
    ['python_abi 3.12.* *_cp312', 'python_abi'],
    ['numpy[version=2]', 'numpy']
  ])('reads the name of %s', (spec, name) => {
    expect(nameOf(spec)).toBe(name);
  });
});
