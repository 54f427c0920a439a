/** A list that draws only the rows in sight, so that ten thousand stay smooth. */
import * as React from 'react';

const ROW = 26; // pixels, as style/base.css has it
const BEYOND = 8; // rows drawn above and below those in sight

export function VirtualList<T>(props: {
  items: readonly T[];
  label: string;
  keyOf: (item: T) => string;
  row: (item: T) => JSX.Element;
}): JSX.Element {
  const { items, keyOf, row, label } = props;
  const box = React.useRef<HTMLDivElement>(null);
  const [top, setTop] = React.useState(0);
  const [height, setHeight] = React.useState(400);
  React.useEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() => setHeight(node.clientHeight));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const last = Math.min(items.length, Math.ceil((top + height) / ROW) + BEYOND);
  return (
    <div
      ref={box}
      className="xc-List"
      role="list"
      aria-label={label}
      tabIndex={0}
      onScroll={event => setTop(event.currentTarget.scrollTop)}
    >
      <div style={{ height: items.length * ROW, position: 'relative' }}>
        {items.slice(first, last).map((item, at) => (
          <div
            key={keyOf(item)}
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={first + at + 1}
            className="xc-List-row"
            style={{ top: (first + at) * ROW, height: ROW }}
          >
            {row(item)}
          </div>
        ))}
      </div>
    </div>
  );
}
