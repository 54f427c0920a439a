import { readSettings, USUAL } from '../settings';

describe('readSettings', () => {
  it('takes what was set, and the usual for what is missing or odd', () => {
    expect(readSettings({ side: 'right', confirm: 'removals' })).toEqual({
      side: 'right',
      confirm: 'removals',
      refreshOnFocus: true
    });
    expect(readSettings({ side: 'top', confirm: 1 })).toEqual(USUAL);
    expect(readSettings(undefined)).toEqual(USUAL);
  });
});
