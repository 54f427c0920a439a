# What the alias `xconda` of tcsh and csh sources, with the words that were typed.
# $_XCONDA_EXE is the program. The text goes through a file, since a shell of this family loses the
# ends of lines when it takes the output of a program.

set _xconda_verb = ""
set _xconda_code = 0
if ($#argv > 0) set _xconda_verb = "$argv[1]"
if ($#argv > 1) then
    if ("$argv[1]" == "env" && ("$argv[2]" == "update" || "$argv[2]" == "config")) set _xconda_verb = "update"
endif
set _xconda_ask = ""

switch ("$_xconda_verb")
    case activate:
    case deactivate:
        set _xconda_ask = "$_xconda_verb"
        breaksw
    case install:
    case update:
    case upgrade:
    case remove:
    case uninstall:
    case undo:
    case redo:
        $_XCONDA_EXE:q $argv:q
        set _xconda_code = $status
        if ($_xconda_code == 0 && $?CONDA_SHLVL) then
            if ($CONDA_SHLVL > 0) set _xconda_ask = reactivate
        endif
        breaksw
    default:
        $_XCONDA_EXE:q $argv:q
        set _xconda_code = $status
        breaksw
endsw

if ("$_xconda_ask" != "") then
    if ("$_xconda_ask" == reactivate) then
        set _xconda_words = (reactivate)
    else
        set _xconda_words = ($argv:q)
    endif
    set _xconda_file = "`mktemp`"
    set _xconda_prompt = ""
    if ($?prompt) then
        set _xconda_prompt = "$prompt:q"
    endif
    (setenv prompt "$_xconda_prompt:q"; $_XCONDA_EXE:q shell.csh $_xconda_words:q > "$_xconda_file")
    set _xconda_code = $status
    if ($_xconda_code == 0) source "$_xconda_file"
    \rm -f "$_xconda_file"
    rehash
    unset _xconda_file _xconda_words _xconda_prompt
endif

unset _xconda_verb _xconda_ask
(exit $_xconda_code)
