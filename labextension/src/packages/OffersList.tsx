/** What the channels offer: one row per name, with its versions. */
import { addIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IPackage } from '../api/types';
import { IconButton } from '../environments/IconButton';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { IOffer, offers } from './versions';
import { VirtualList } from './VirtualList';

interface IProps {
  model: PanelModel;
  trans: Words;
  open: (name: string) => void;
}

export function OffersList(props: IProps & { found: IPackage[] }): JSX.Element {
  const { model, trans, found, open } = props;
  const rows = React.useMemo(
    () => offers(found, model.packages),
    [found, model.packages]
  );
  if (!rows.length) {
    return (
      <p className="xc-Empty">
        {trans.__('The channels offer nothing of that name.')}
      </p>
    );
  }
  return (
    <>
      <VirtualList
        items={rows}
        label={trans.__('Packages of the channels')}
        keyOf={each => each.name}
        row={(each, tabIndex) => (
          <Row {...{ each, model, trans, open, tabIndex }} />
        )}
      />
      <div className="xc-Row xc-Foot">
        <span>{trans._n('%1 found', '%1 found', rows.length)}</span>
      </div>
    </>
  );
}

function Row(props: IProps & { each: IOffer; tabIndex: number }): JSX.Element {
  const { each, model, trans, open, tabIndex } = props;
  const [version, setVersion] = React.useState('');
  const spec = version ? `${each.name}=${version}` : each.name;
  return (
    <>
      <button
        type="button"
        className="xc-Cell-name"
        title={`${each.name} · ${each.channel}`}
        tabIndex={tabIndex}
        data-row-focus
        onClick={() => open(each.name)}
      >
        {each.name}
        {each.installed && <small> {trans.__('installed')}</small>}
      </button>
      <select
        className="xc-Cell-version xc-mod-choice"
        aria-label={trans.__('Version of %1', each.name)}
        tabIndex={tabIndex}
        value={version}
        onChange={event => setVersion(event.target.value)}
      >
        <option value="">{trans.__('best (%1)', each.versions[0])}</option>
        {each.versions.map(text => (
          <option key={text} value={text}>
            {text === each.installed ? trans.__('%1 (installed)', text) : text}
          </option>
        ))}
      </select>
      <span className="xc-Cell-channel">{each.channel}</span>
      <span className="xc-Cell-actions">
        <IconButton
          icon={addIcon}
          label={trans.__('Install %1', each.name)}
          disabled={!model.canChange}
          tabIndex={tabIndex}
          onClick={() => void model.begin({ verb: 'install', specs: [spec] })}
        />
      </span>
    </>
  );
}
