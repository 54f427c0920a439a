# What bash offers for xconda when Tab is pressed: eval "$(xconda completion bash)"
_xconda_completion() {
    local line word="${COMP_WORDS[COMP_CWORD]}" whole cut
    COMPREPLY=()
    # bash cuts words at = and : too; xconda wants them as the user wrote them.
    local written="${COMP_LINE:0:COMP_POINT}" words
    read -r -a words <<< "$written"
    [[ "$written" == *[[:space:]] ]] && words+=("")
    whole="${words[${#words[@]} - 1]}"
    cut="${whole%"$word"}"
    [[ "$word" == [=:] ]] && cut="$whole"
    while IFS= read -r line; do
        case "$line" in
            :files*) compopt -o filenames 2> /dev/null
                while IFS= read -r line; do COMPREPLY+=("$line"); done \
                    < <(compgen -f -- "${word#[=:]}") ;;
            :folders*) compopt -o filenames 2> /dev/null
                while IFS= read -r line; do COMPREPLY+=("$line"); done \
                    < <(compgen -d -- "${word#[=:]}") ;;
            :programs*) while IFS= read -r line; do COMPREPLY+=("$line"); done \
                    < <(compgen -c -- "$word") ;;
            *) line="${line%%$'\t'*}"
                COMPREPLY+=("${line#"$cut"}") ;;
        esac
    done < <(command xconda completion words "${words[@]:1}" 2> /dev/null)
}
complete -F _xconda_completion xconda
