# The function `xconda` of fish; `__xconda_exe` stands before it.

function __xconda_change
    __xconda_exe shell.fish $argv | read -z --local text
    set --local code $pipestatus[1]
    test $code -eq 0; or return $code
    eval "$text"
end

function xconda
    switch "$argv[1] $argv[2]"
        case "activate *" "deactivate *"
            __xconda_change $argv
        case "install *" "update *" "upgrade *" "remove *" "uninstall *" "undo *" "redo *" "env update" "env config"
            __xconda_exe $argv; or return
            # Packages that came or went may bring scripts and variables.
            if set -q CONDA_SHLVL; and test "$CONDA_SHLVL" -gt 0
                __xconda_change reactivate
            end
        case "*"
            __xconda_exe $argv
    end
end

if not set -q CONDA_SHLVL
    set -gx CONDA_SHLVL 0
end

if not set -q CONDA_DISABLE_FISH_PROMPT; and not functions -q __xconda_prompt
    function __xconda_prompt
        # Where conda shows the same, once is enough.
        if set -q CONDA_PROMPT_MODIFIER; and not functions -q __conda_add_prompt
            set_color --bold green
            echo -n $CONDA_PROMPT_MODIFIER
            set_color normal
        end
    end

    function __xconda_status
        return $argv[1]
    end

    for side in fish_prompt fish_right_prompt
        if functions -q $side
            functions -c $side __xconda_own_$side
        else
            function __xconda_own_$side
            end
        end
    end

    function fish_prompt
        set --local last $status
        if set -q CONDA_LEFT_PROMPT
            __xconda_prompt
        end
        __xconda_status $last
        __xconda_own_fish_prompt
    end

    function fish_right_prompt
        if not set -q CONDA_LEFT_PROMPT
            __xconda_prompt
        end
        __xconda_own_fish_right_prompt
    end
end
