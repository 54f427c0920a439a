import { offers, queryFor, shown, sizeWords } from '../versions';
import { aPackage } from '../../panel/testing';

describe('offers', () => {
  it('gathers the records of a name, newest first, each version once', () => {
    const found = [
      aPackage('numpy', '1.0'),
      aPackage('numpy', '2.0'),
      aPackage('numpy', '2.0'),
      aPackage('numpydoc', '1.5')
    ];
    const rows = offers(found, [aPackage('numpy', '1.0')]);
    expect(rows.map(row => [row.name, row.versions, row.installed])).toEqual([
      ['numpy', ['2.0', '1.0'], '1.0'],
      ['numpydoc', ['1.5'], '']
    ]);
  });
});

describe('queryFor', () => {
  it('searches for a word anywhere in a name', () => {
    expect(queryFor(' numpy ')).toBe('*numpy*');
  });
  it('leaves a pattern or a constraint as it was typed', () => {
    expect(queryFor('numpy>=2')).toBe('numpy>=2');
    expect(queryFor('py*')).toBe('py*');
  });
});

describe('shown', () => {
  const all = [
    aPackage('b', '10', 1),
    aPackage('a', '9', 3000),
    aPackage('ab', '9')
  ];
  it('keeps the names that hold the filter, in any case', () => {
    expect(shown(all, 'A', 'name', false).map(each => each.name)).toEqual([
      'a',
      'ab'
    ]);
  });
  it('orders versions as numbers and sizes as sizes', () => {
    expect(shown(all, '', 'version', true)[0].name).toBe('b');
    expect(shown(all, '', 'size', true)[0].name).toBe('a');
  });
  it('orders ten thousand packages in a moment', () => {
    const many = [...Array(10000)].map((_, at) => aPackage(`p${at}`, `${at}`));
    const begun = performance.now();
    shown(many, 'p', 'version', false);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('sizeWords', () => {
  it.each([
    [950, '950 B'],
    [1200, '1.2 kB'],
    [34500000, '34.5 MB'],
    [999999999, '1.0 GB']
  ])('says %i as %s', (bytes, words) => {
    expect(sizeWords(bytes)).toBe(words);
  });
});
