import { nullTranslator } from '@jupyterlab/translation';

import { IRelaxation } from '../../api/types';
import { aConflict, aJob } from '../../panel/testing';
import { again, conflictOf, fixes, repeated } from '../fixes';

const trans = nullTranslator.load('xconda');

function way(kind: IRelaxation['kind'], some: Partial<IRelaxation> = {}) {
  return [{ kind, name: 'mid', spec: 'mid', version: '', ...some }];
}

describe('fixes', () => {
  const asked = ['tool', 'mid'];

  it.each([
    [way('drop'), ['tool']],
    [way('version', { version: '0.9' }), ['tool', 'mid=0.9']],
    [way('name', { name: 'base-lib', spec: '' }), ['tool', 'mid', 'base-lib']],
    [way('pin'), null],
    [way('excluded'), null],
    [way('remove', { name: 'pear' }), ['tool', 'mid']],
    [way('drop', { spec: 'asked earlier' }), null]
  ])('asks for other specs where that is enough: %j', (one, specs) => {
    expect(fixes([one], asked, trans)[0].specs).toEqual(specs);
  });

  it('leaves a build open, and keeps the version', () => {
    const spec = 'numpy=2.0=py312_0';
    const [fix] = fixes([way('build', { spec })], ['tool', spec], trans);
    expect(fix.specs).toEqual(['tool', 'numpy=2.0']);
  });

  it('removes what stands in the way, and asks for the same', () => {
    const [fix] = fixes([way('remove', { name: 'pear' })], asked, trans);
    expect(fix).toMatchObject({ removes: ['pear'], specs: asked });
    expect(fix.words).toContain('Remove pear');
  });

  it('says what to allow', () => {
    const [fix] = fixes([way('excluded', { spec: 'mid>=2' })], asked, trans);
    expect(fix.words).toBe('Allow mid>=2 in the configuration');
  });

  it('does not offer to ask for nothing at all', () => {
    expect(fixes([way('drop')], ['mid'], trans)[0].specs).toBeNull();
  });

  it('makes changes that belong together at once', () => {
    const both = [
      ...way('version', { version: '1' }),
      ...way('drop', { spec: 'tool' })
    ];
    expect(fixes([both], asked, trans)[0].specs).toEqual(['mid=1']);
  });
});

describe('again', () => {
  it('repeats a job with the channels it had', () => {
    const job = aJob({ specs: ['a', 'b'] });
    const asked = {
      ...job.asked,
      channels: ['other'],
      override_channels: true
    };
    expect(again({ ...job, asked }, ['a'])).toMatchObject({
      verb: 'install',
      prefix: '/envs/work',
      specs: ['a'],
      channels: ['other'],
      override_channels: true
    });
  });
});

describe('repeated', () => {
  const job = aJob({});
  const asked = { ...job.asked, specs: ['a'] };
  const failure = { what: '', why: '', fix: '', facts: {} };
  it('repeats what may go another way the next time', () => {
    const error = { ...failure, code: 'network-failed' };
    expect(repeated({ ...job, asked, error })?.specs).toEqual(['a']);
    expect(repeated({ ...job, asked })?.verb).toBe('install');
  });

  it('repeats nothing that cannot, or of which it does not know all', () => {
    const error = { ...failure, code: 'package-not-found' };
    expect(repeated({ ...job, asked, error })).toBeNull();
    expect(repeated({ ...job, verb: 'clone', asked })).toBeNull();
    expect(repeated({ ...job, verb: 'create' })).toBeNull(); // from a file
  });
});

describe('conflictOf', () => {
  const failure = { what: '', why: '', fix: '' };
  it('finds the picture of a conflict, and none in another failure', () => {
    const facts = { ...aConflict() };
    const told = { ...failure, code: 'unsatisfiable', facts };
    expect(conflictOf(told)).toBe(facts);
    expect(conflictOf({ ...told, code: 'frozen' })).toBeNull();
    expect(conflictOf({ ...told, facts: {} })).toBeNull();
  });
});
