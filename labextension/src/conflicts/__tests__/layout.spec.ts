import { IBox, layout, wrapped } from '../layout';
import { aConflict } from '../../panel/testing';

function box(boxes: readonly IBox[], id: string): IBox {
  return boxes.find(each => each.id === id) as IBox;
}

describe('layout', () => {
  const facts = aConflict();

  it('puts what is asked above what that needs, and the clash below', () => {
    const { boxes } = layout(facts);
    const at = (id: string) => box(boxes, id).y;
    expect(at('request 1')).toBeLessThan(at('mid'));
    expect(at('mid')).toBeLessThan(at('leaf'));
    expect(at('leaf')).toBeLessThan(at('base-lib'));
  });

  it('marks the one package at which the demands cannot all be met', () => {
    const { boxes } = layout(facts);
    const clashes = boxes.filter(each => each.isClash).map(each => each.id);
    expect(clashes).toEqual(['base-lib']);
  });

  it('writes on each arrow what is demanded, without the name it points to', () => {
    const { arrows } = layout(facts);
    const labels = arrows.map(each => [each.source, each.label]);
    expect(labels).toContainEqual(['leaf', '<2']);
    expect(labels).toContainEqual(['tool', '>=2']);
    expect(labels).toContainEqual(['request 0', '']);
  });

  it('says which versions make a demand where not all do', () => {
    const { boxes } = layout(facts);
    expect(box(boxes, 'leaf').lines).toEqual(['leaf 1.2']);
    expect(box(boxes, 'tool').lines).toEqual(['tool']);
  });

  it('lets no two boxes overlap, and keeps all of them in the picture', () => {
    const { boxes, width, height } = layout(facts);
    for (const a of boxes) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(width);
      expect(a.y + a.height).toBeLessThanOrEqual(height);
      for (const b of boxes) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x;
        const above = a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(a === b || apart || above).toBe(true);
      }
    }
  });

  it('draws a circle of demands too', () => {
    const { drawing } = facts;
    const back = {
      source: 'base-lib',
      target: 'mid',
      kind: 'depends',
      words: ''
    };
    const circle = { ...drawing, edges: [...drawing.edges, back] };
    expect(layout({ ...facts, drawing: circle }).boxes).toHaveLength(6);
  });
});

describe('wrapped', () => {
  it('breaks between words, and within a word only where it must', () => {
    expect(wrapped('tool 1.0 is installed, and stays')).toEqual([
      'tool 1.0 is installed,',
      'and stays'
    ]);
    expect(wrapped('x'.repeat(50)).map(line => line.length)).toEqual([
      22, 22, 6
    ]);
  });
});
