/**
 * Where the boxes and arrows of a conflict go: layers from what was asked down to the clash.
 *
 * Sugiyama's method, small: longest paths make the layers, arrows over several layers bend at
 * points in between, and barycentres of neighbours order each layer. Pure; lengths are pixels.
 */
import { IClaim, IConflict, IDrawnEdge, IDrawnNode } from '../api/types';

export interface IBox extends IDrawnNode {
  x: number;
  y: number;
  width: number;
  height: number;
  lines: string[];
  isClash: boolean;
}

export interface IArrow extends IDrawnEdge {
  path: string;
  /** What is demanded, short; empty where the box it comes from says it. */
  label: string;
  labelX: number;
  labelY: number;
  labelWidth: number;
  isClash: boolean;
}

export interface ILayout {
  width: number;
  height: number;
  boxes: IBox[];
  arrows: IArrow[];
}

const LETTER = 6.6; // of the 12 px font of style/conflicts.css, on average
const LINE = 16;
const MOST_LETTERS = 22; // in a line of a box
const MOST_IN_LABEL = 24;
const PAD = 8;
const GAP_X = 16;
const GAP_Y = 46; // room for the label on an arrow
const MARGIN = 4;
const SWEEPS = 12;

/** A box, or a point at which a long arrow bends. */
interface IPlace {
  id: string;
  layer: number;
  width: number;
  height: number;
  x: number;
  y: number;
}

/**
 * Return the picture of a conflict.
 *
 * @param facts - What the engine knows of it.
 * @param note - What is to stand below the name of a node at which demands clash.
 */
export function layout(
  facts: IConflict,
  note: (node: IDrawnNode) => string = () => ''
): ILayout {
  const { nodes, edges } = facts.drawing;
  const clashes = clashingIds(nodes, edges);
  const versions = versionsOf(facts);
  const lines = new Map(
    nodes.map(node => {
      const words = `${node.words} ${versions.get(node.id) ?? ''}`.trim();
      const notes = clashes.has(node.id) ? wrapped(note(node)) : [];
      return [node.id, [...wrapped(words), ...notes.filter(Boolean)]];
    })
  );
  const layers = layersOf(nodes, edges);
  const places = new Map<string, IPlace>();
  for (const node of nodes) {
    const own = lines.get(node.id) as string[];
    const longest = Math.max(...own.map(line => line.length));
    places.set(node.id, {
      id: node.id,
      layer: layers.get(node.id) ?? 0,
      width: Math.max(48, Math.ceil(longest * LETTER) + 2 * PAD),
      height: own.length * LINE + PAD,
      x: 0,
      y: 0
    });
  }
  const chains = edges.map((edge, at) => bends(edge, at, places));
  const { width, height } = arrange([...places.values()], chains);
  const boxes = nodes.map(node => ({
    ...node,
    ...(places.get(node.id) as IPlace),
    lines: lines.get(node.id) as string[],
    isClash: clashes.has(node.id)
  }));
  const labels = labelsOf(facts);
  const arrows = edges.map((edge, at) =>
    arrow(
      edge,
      chains[at].map(id => places.get(id) as IPlace),
      labels[at],
      clashes.has(edge.target)
    )
  );
  return { width, height, boxes: boxes.map(toCorner), arrows };
}

/** The nodes at which demands meet that cannot all be met. */
export function clashingIds(
  nodes: readonly IDrawnNode[],
  edges: readonly IDrawnEdge[]
): Set<string> {
  const demands = (id: string) => edges.filter(each => each.target === id);
  const speaks = (id: string) => edges.some(each => each.source === id);
  const missing = nodes.filter(node => node.kind === 'missing');
  const ends = nodes.filter(
    node => demands(node.id).length > 1 && !speaks(node.id)
  );
  const meetings = nodes.filter(node => demands(node.id).length > 1);
  const found = missing.length ? missing : ends.length ? ends : meetings;
  return new Set(found.map(node => node.id));
}

function layersOf(
  nodes: readonly IDrawnNode[],
  edges: readonly IDrawnEdge[]
): Map<string, number> {
  const layers = new Map(nodes.map(node => [node.id, 0]));
  for (let round = 0; round < nodes.length; round += 1) {
    // as many rounds as there are nodes: enough without cycles, and an end with them
    for (const { source, target } of edges) {
      const least = (layers.get(source) ?? 0) + 1;
      if (source !== target && (layers.get(target) ?? 0) < least) {
        layers.set(target, Math.min(least, nodes.length));
      }
    }
  }
  for (const node of nodes) {
    // what nobody demands stands right above what it is about: no arrow is longer than it must be
    const targets = edges.filter(each => each.source === node.id);
    if (targets.length && !edges.some(each => each.target === node.id)) {
      const next = Math.min(...targets.map(each => layers.get(each.target)!));
      layers.set(node.id, Math.max(0, next - 1));
    }
  }
  const used = [...new Set(layers.values())].sort((a, b) => a - b);
  return new Map([...layers].map(([id, layer]) => [id, used.indexOf(layer)]));
}

/** Return the places that an arrow goes through, making those in between. */
function bends(
  edge: IDrawnEdge,
  at: number,
  places: Map<string, IPlace>
): string[] {
  const from = places.get(edge.source)!.layer;
  const to = places.get(edge.target)!.layer;
  const between: string[] = [];
  for (let layer = from + 1; layer < to; layer += 1) {
    const id = `${at} bends in ${layer}`;
    places.set(id, { id, layer, width: 12, height: 0, x: 0, y: 0 });
    between.push(id);
  }
  return [edge.source, ...between, edge.target];
}

/** Give every place its middle, and return the size of the whole. */
function arrange(
  places: IPlace[],
  chains: string[][]
): { width: number; height: number } {
  const rows: IPlace[][] = [];
  places.forEach(place => (rows[place.layer] ??= []).push(place));
  const near = neighbours(chains);
  const byId = new Map(places.map(place => [place.id, place]));
  const wish = (place: IPlace) => mean(place, near, byId);
  for (const row of rows) {
    spread(
      row,
      row.map(() => 0)
    );
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      const wanted = new Map(row.map(place => [place, wish(place)]));
      row.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
      spread(
        row,
        row.map(place => wanted.get(place)!)
      );
    }
  }
  const left = Math.min(...places.map(each => each.x - each.width / 2));
  const right = Math.max(...places.map(each => each.x + each.width / 2));
  let y = MARGIN;
  for (const row of rows) {
    const tallest = Math.max(...row.map(place => place.height), LINE);
    for (const place of row) {
      place.x += MARGIN - left;
      place.y = y + tallest / 2;
    }
    y += tallest + GAP_Y;
  }
  return {
    width: Math.ceil(right - left + 2 * MARGIN),
    height: Math.ceil(y - GAP_Y + MARGIN)
  };
}

/**
 * Put a row's places, in their order, as near as can be to where they are wanted, with gaps.
 *
 * Least squares under "each right of the one before": pool adjacent violators.
 */
function spread(row: IPlace[], wanted: readonly number[]): void {
  let offset = 0;
  const offsets = row.map((place, at) => {
    offset += at ? (row[at - 1].width + place.width) / 2 + GAP_X : 0;
    return offset;
  });
  const pools: { sum: number; count: number }[] = [];
  wanted.forEach((x, at) => {
    pools.push({ sum: x - offsets[at], count: 1 });
    while (pools.length > 1) {
      const [a, b] = pools.slice(-2);
      if (a.sum / a.count <= b.sum / b.count) {
        break;
      }
      pools.splice(-2, 2, { sum: a.sum + b.sum, count: a.count + b.count });
    }
  });
  const bases = pools.flatMap(({ sum, count }) =>
    Array<number>(count).fill(sum / count)
  );
  row.forEach((place, at) => (place.x = bases[at] + offsets[at]));
}

function neighbours(chains: string[][]): Map<string, string[]> {
  const near = new Map<string, string[]>();
  const join = (a: string, b: string) =>
    near.set(a, [...(near.get(a) ?? []), b]);
  for (const chain of chains) {
    chain.slice(1).forEach((id, at) => {
      join(id, chain[at]);
      join(chain[at], id);
    });
  }
  return near;
}

function mean(
  place: IPlace,
  near: Map<string, string[]>,
  byId: Map<string, IPlace>
): number {
  const others = (near.get(place.id) ?? []).map(id => byId.get(id)!.x);
  return others.length
    ? others.reduce((sum, x) => sum + x, 0) / others.length
    : place.x;
}

function arrow(
  edge: IDrawnEdge,
  chain: IPlace[],
  label: string,
  isClash: boolean
): IArrow {
  const points = chain.map((place, at) => ({
    x: place.x,
    top: place.y - place.height / 2,
    bottom: place.y + place.height / 2,
    isEnd: at === chain.length - 1
  }));
  let path = `M ${points[0].x} ${points[0].bottom}`;
  points.slice(1).forEach((to, at) => {
    const from = points[at];
    const end = to.top - (to.isEnd ? 5 : 0); // room for the arrow's head
    const half = (from.bottom + end) / 2;
    path += ` C ${from.x} ${half}, ${to.x} ${half}, ${to.x} ${end}`;
  });
  const [first, second] = points;
  return {
    ...edge,
    path,
    label,
    labelX: first.x + (second.x - first.x) * 0.35,
    labelY: first.bottom + (second.top - first.bottom) * 0.42,
    labelWidth: Math.ceil(label.length * LETTER) + PAD,
    isClash
  };
}

/** The claims that packages make: what stands on arrows. */
function said(facts: IConflict): IClaim[] {
  return facts.conflict.claims.filter(each =>
    ['depends', 'constrains'].includes(each.kind)
  );
}

/** Name to its versions that the conflict is about, where all it says is said by these. */
function versionsOf(facts: IConflict): Map<string, string> {
  const found = new Map<string, Set<string>>();
  for (const { name, versions } of said(facts)) {
    found.set(name, (found.get(name) ?? new Set()).add(versions));
  }
  const single = [...found].filter(([, versions]) => versions.size === 1);
  return new Map(single.map(([name, versions]) => [name, [...versions][0]]));
}

/** What stands on each arrow: the demand without the name that the arrow points to. */
function labelsOf(facts: IConflict): string[] {
  const { edges } = facts.drawing;
  const { claims } = facts.conflict;
  const single = versionsOf(facts);
  const spoken = said(facts);
  return edges.map((_, at) => {
    const claim = claims.length === edges.length ? claims[at] : undefined;
    if (!claim || !spoken.includes(claim)) {
      return '';
    }
    const words = demand(claim);
    const isPart = claim.versions && !single.has(claim.name);
    return shortened(isPart ? `${claim.versions}: ${words}` : words);
  });
}

function demand(claim: IClaim): string {
  const bare = claim.specs.map(spec =>
    spec.startsWith(claim.target)
      ? spec.slice(claim.target.length).trim()
      : spec
  );
  const words = bare.filter(Boolean).join(' | ');
  return words || claim.kind === 'depends' ? words : '';
}

function shortened(words: string): string {
  return words.length > MOST_IN_LABEL
    ? `${words.slice(0, MOST_IN_LABEL - 1)}…`
    : words;
}

/** Break words into lines of a box; a word that is too long is broken too. */
export function wrapped(words: string): string[] {
  const pieces = words
    .split(' ')
    .flatMap(word => word.match(new RegExp(`.{1,${MOST_LETTERS}}`, 'g')) ?? []);
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines[lines.length - 1];
    if (last !== undefined && `${last} ${piece}`.length <= MOST_LETTERS) {
      lines[lines.length - 1] = `${last} ${piece}`;
    } else {
      lines.push(piece);
    }
  }
  return lines.length ? lines : [''];
}

function toCorner(box: IBox): IBox {
  return { ...box, x: box.x - box.width / 2, y: box.y - box.height / 2 };
}
