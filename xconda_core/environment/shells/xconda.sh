# The function `xconda` of bash, zsh, dash and their like; `__xconda_exe` stands before it.

__xconda_change() {
    \local __xconda_text __xconda_flags
    __xconda_text="$(\export PS1="${PS1-}"; __xconda_exe shell.posix "$@")" || \return
    # Scripts of packages are not written for a shell that stops at an unset variable or at a "no".
    __xconda_flags="$-"
    \set +eu
    \eval "$__xconda_text"
    case "$__xconda_flags" in *e*) \set -e ;; esac
    case "$__xconda_flags" in *u*) \set -u ;; esac
    if [ -n "${ZSH_VERSION:+x}" ]; then \rehash; else \hash -r; fi
}

# Packages that came or went may bring scripts and variables.
__xconda_refresh() {
    if [ "${CONDA_SHLVL:-0}" -gt 0 ]; then __xconda_change reactivate; fi
}

xconda() {
    case "${1-} ${2-}" in
        "activate "*|"deactivate "*)
            __xconda_change "$@"
            ;;
        "install "*|"update "*|"upgrade "*|"remove "*|"uninstall "*|"undo "*|"redo "*|"env update"|"env config")
            __xconda_exe "$@" || \return
            __xconda_refresh
            ;;
        *)
            __xconda_exe "$@"
            ;;
    esac
}

if [ -z "${CONDA_SHLVL+x}" ]; then
    \export CONDA_SHLVL=0
elif [ -n "${PS1:+x}" ] && [ -n "${CONDA_PROMPT_MODIFIER:+x}" ]; then
    # A shell inside an active one has its environment, but a prompt of its own.
    case "$PS1" in
        *"$CONDA_PROMPT_MODIFIER"*) ;;
        *) PS1="$CONDA_PROMPT_MODIFIER$PS1" ;;
    esac
fi
