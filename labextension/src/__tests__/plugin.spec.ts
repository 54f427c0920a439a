import plugin from '../index';

describe('the plugin', () => {
  it('starts by itself, under the name that settings use', () => {
    expect(plugin.id).toBe('xconda-lab:plugin');
    expect(plugin.autoStart).toBe(true);
  });
});
