/** Which environment the panel is about. */
import { addIcon, ellipsesIcon, refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IEnvironment } from '../api/types';
import { NotebookModel } from '../notebook/model';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { Elsewhere } from './Elsewhere';
import { IconButton } from './IconButton';
import { IDeeds } from './menu';
import { NewEnvironment } from './NewEnvironment';

export function EnvironmentPicker(props: {
  model: PanelModel;
  notebook: NotebookModel | null;
  deeds: IDeeds;
  trans: Words;
}): JSX.Element {
  const { model, notebook, deeds, trans } = props;
  const { environment, environments, prefix } = model;
  const why = environment && whyFixed(environment, trans);
  return (
    <header className="xc-Picker">
      <div className="xc-Row">
        <select
          className="jp-mod-styled xc-Picker-select"
          aria-label={trans.__('Environment')}
          value={prefix}
          title={prefix}
          onChange={event => void model.pick(event.target.value)}
        >
          {prefix && !environment && (
            <option value={prefix}>{prefix.split('/').pop()}</option>
          )}
          <Options
            environments={environments}
            inUse={notebook?.prefix ?? ''}
            trans={trans}
          />
        </select>
        <IconButton
          icon={addIcon}
          label={trans.__('New environment')}
          onClick={() => model.setNaming(!model.isNaming)}
        />
        <IconButton
          icon={refreshIcon}
          label={trans.__('Look again')}
          onClick={() => void model.refresh()}
        />
        <IconButton
          icon={ellipsesIcon}
          label={trans.__('More about this environment')}
          hasMenu={true}
          onClick={deeds.openMenu}
        />
      </div>
      {why && (
        <p className="xc-Fixed">
          {why}{' '}
          <button type="button" className="xc-Link" onClick={deeds.copy}>
            {trans.__('Copy it …')}
          </button>
        </p>
      )}
      {notebook && <Elsewhere {...{ model, notebook, trans }} />}
      {model.isNaming && (
        <NewEnvironment
          model={model}
          trans={trans}
          close={() => model.setNaming(false)}
        />
      )}
    </header>
  );
}

/** Why an environment cannot be changed from here, empty where it can. */
function whyFixed(each: IEnvironment, trans: Words): string {
  if (each.is_frozen) {
    return trans.__(
      'Frozen: whoever made it wants it to stay as it is (conda-meta/frozen).'
    );
  }
  return each.is_writable
    ? ''
    : trans.__('Read only: you may not write to %1.', each.prefix);
}

/** All of them, that of the notebook first: in a narrow panel its name needs all the room. */
function Options(props: {
  environments: IEnvironment[];
  inUse: string;
  trans: Words;
}): JSX.Element {
  const { environments, inUse, trans } = props;
  const option = (each: IEnvironment) => (
    <option key={each.prefix} value={each.prefix}>
      {label(each, trans)}
    </option>
  );
  const [used] = environments.filter(each => each.prefix === inUse);
  if (!used) {
    return <>{environments.map(option)}</>;
  }
  const others = environments.filter(each => each !== used);
  return (
    <>
      <optgroup label={trans.__('This notebook')}>{option(used)}</optgroup>
      {others.length > 0 && (
        <optgroup label={trans.__('Others')}>{others.map(option)}</optgroup>
      )}
    </>
  );
}

function label(each: IEnvironment, trans: Words): string {
  const name = each.name || each.prefix;
  if (each.is_frozen) {
    return trans.__('%1 (frozen)', name);
  }
  return each.is_writable ? name : trans.__('%1 (read only)', name);
}
