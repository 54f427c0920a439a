import { readChange } from '../types';

describe('readChange', () => {
  it('fills the gaps of a document from somewhere else', () => {
    expect(
      readChange({ words: 'Done.', changes: [{ name: 'numpy' }] })
    ).toEqual({
      verb: '',
      prefix: '',
      revision: null,
      can_be_undone: true,
      words: 'Done.',
      notes: [],
      changes: [
        {
          name: 'numpy',
          movement: '',
          old: '',
          new: '',
          channel: '',
          size: null
        }
      ],
      reload: {},
      restart: {}
    });
  });

  it.each([null, 'text', { changes: 'none', notes: 7, revision: '3' }])(
    'makes nothing of %j',
    document => {
      expect(readChange(document).changes).toEqual([]);
      expect(readChange(document).revision).toBeNull();
    }
  );
});
