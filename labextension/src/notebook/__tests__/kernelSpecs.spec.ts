import { anEnvironment } from '../../panel/testing';
import { kernelOf, prefixOf, referred } from '../kernelSpecs';

function aSpec(prefix: string, argv: string[] = []) {
  const metadata = prefix ? { kernel_provisioner: { config: { prefix } } } : {};
  return {
    name: 'k',
    language: 'python',
    display_name: '',
    argv,
    metadata,
    resources: {}
  };
}

describe('prefixOf', () => {
  it('reads the environment that the provisioner starts', () => {
    expect(prefixOf(aSpec('/envs/a'))).toBe('/envs/a');
  });
  it('reads it from the program otherwise, and says nothing of a bare name', () => {
    expect(prefixOf(aSpec('', ['/envs/b/bin/python3.12']))).toBe('/envs/b');
    expect(prefixOf(aSpec('', ['C:\\envs\\b\\python.exe']))).toBe(
      'C:\\envs\\b'
    );
    expect(prefixOf(aSpec('', ['python']))).toBe('');
    expect(prefixOf(undefined)).toBe('');
  });
});

describe('kernelOf', () => {
  it('prefers a kernel that is started activated', () => {
    const plain = aSpec('', ['/envs/a/bin/python']);
    const specs = {
      plain,
      activated: aSpec('/envs/a'),
      of_b: aSpec('/envs/b')
    };
    expect(kernelOf('/envs/a', specs)).toBe('activated');
    expect(kernelOf('/envs/c', specs)).toBe('');
  });
});

describe('referred', () => {
  const here = [anEnvironment('work'), anEnvironment('other')];
  const meant = (name?: string, prefix?: string) =>
    referred({ environment: { name, prefix } }, here);
  it('finds the environment that a notebook names, by name before path', () => {
    expect(meant('work').environment).toBe(here[0]);
    expect(meant('work', '/envs/other').environment).toBe(here[0]);
    expect(meant('gone', '/envs/other').environment).toBe(here[1]);
  });
  it('says which one is missed, and nothing where none is named', () => {
    expect(meant('gone')).toEqual({ wanted: 'gone', environment: undefined });
    expect(referred(undefined, here).wanted).toBe('');
    expect(referred({ environment: 3 }, here).wanted).toBe('');
  });
});
