import { IRevision } from '../../api/types';
import { lines } from '../HistoryView';

const NOTHING: IRevision = {
  rev: 1,
  date: '',
  command: '',
  install: [],
  remove: [],
  upgrade: [],
  downgrade: [],
  update_specs: [],
  remove_specs: [],
  reverts_to: null
};

describe('lines', () => {
  it.each([
    ['comm-0.2.3-pyh2b_0-http://127.0.0.1:4/demo/noarch', '+ comm 0.2.3'],
    [
      'python-dateutil-2.9.0-py_1-conda-forge/noarch',
      '+ python-dateutil 2.9.0'
    ],
    ['conda-forge/noarch::tzdata-2025b-h7_0', '+ tzdata 2025b'],
    ['something else', '+ something else']
  ])('say %s shortly', (text, line) => {
    expect(lines({ ...NOTHING, install: [text] })).toEqual([line]);
  });

  it('say what a package was, and another build of the same in full', () => {
    const pair = (old: string, next: string) => ({ old, new: next });
    const upgrade = [
      pair('numpy-1.26-0-demo', 'numpy-2.3-0-demo'),
      pair('zlib-1.3-0-demo', 'zlib-1.3-1-demo')
    ];
    expect(lines({ ...NOTHING, upgrade })).toEqual([
      '↑ numpy 1.26 → 2.3',
      '↑ zlib-1.3-0-demo → zlib-1.3-1-demo'
    ]);
  });
});
