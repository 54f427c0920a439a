# The command `xconda` of xonsh; `__xconda_words` stands before it.

def __xconda_change(words):
    import subprocess
    done = subprocess.run([*__xconda_words, 'shell.xonsh', *words], stdout=subprocess.PIPE,
                          env=__xonsh__.env.detype(), text=True)
    if done.returncode == 0:
        __xonsh__.execer.exec(done.stdout, glbs=__xonsh__.ctx, filename='xconda ' + words[0])
    return done.returncode


def __xconda(words):
    import subprocess
    changing = ('install', 'update', 'upgrade', 'remove', 'uninstall', 'undo', 'redo')
    if words and words[0] in ('activate', 'deactivate'):
        return __xconda_change(words)
    code = subprocess.call([*__xconda_words, *words], env=__xonsh__.env.detype())
    # Packages that came or went may bring scripts and variables.
    changes = words[:1] and words[0] in changing or words[:2] in (['env', 'update'], ['env', 'config'])
    if code == 0 and changes and int(__xonsh__.env.get('CONDA_SHLVL') or 0) > 0:
        return __xconda_change(['reactivate'])
    return code


aliases['xconda'] = __xconda

if 'CONDA_SHLVL' not in __xonsh__.env:
    $CONDA_SHLVL = '0'
