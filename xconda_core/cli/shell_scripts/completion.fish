# What fish offers for xconda when Tab is pressed: xconda completion fish | source
function __xconda_completion
    set -l given (commandline -opc) (commandline -ct)
    for line in (command xconda completion words $given[2..-1] 2> /dev/null)
        switch $line
            case ':files*'
                __fish_complete_path (commandline -ct)
            case ':folders*'
                __fish_complete_directories (commandline -ct)
            case ':programs*'
                __fish_complete_command
            case '*'
                echo $line
        end
    end
end
complete -c xconda -f -a '(__xconda_completion)'
