# What zsh offers for xconda when Tab is pressed: eval "$(xconda completion zsh)", after compinit
_xconda_completion() {
    local line
    local -a offered
    command xconda completion words "${(@)words[2,CURRENT]}" 2> /dev/null |
        while IFS= read -r line; do
            case "$line" in
                :files*) _files; return ;;
                :folders*) _files -/; return ;;
                :programs*) _command_names -e; return ;;
                *) offered+=("${${line//:/\\:}/$'\t'/:}") ;;
            esac
        done
    _describe -V 'xconda' offered
}
compdef _xconda_completion xconda
