# The function `xconda` of PowerShell; $XcondaWords stands before it.

function global:Invoke-XcondaChange {
    $words = $global:XcondaWords
    $text = (& $global:XcondaProgram @words shell.powershell @args | Out-String)
    if ($LASTEXITCODE -eq 0 -and $text.Trim().Length -gt 0) { Invoke-Expression -Command $text }
}

function global:xconda {
    $changing = 'install', 'update', 'upgrade', 'remove', 'uninstall', 'undo', 'redo'
    if ($args.Count -gt 0 -and $args[0] -in 'activate', 'deactivate') {
        Invoke-XcondaChange @args
        return
    }
    $words = $global:XcondaWords
    & $global:XcondaProgram @words @args
    # Packages that came or went may bring scripts and variables.
    $changes = $args.Count -gt 0 -and $args[0] -in $changing
    $changes = $changes -or ($args.Count -gt 1 -and $args[0] -eq 'env' -and $args[1] -in 'update', 'config')
    if ($LASTEXITCODE -eq 0 -and $changes -and [int]('0' + $Env:CONDA_SHLVL) -gt 0) {
        Invoke-XcondaChange reactivate
        $global:LASTEXITCODE = 0
    }
}

if (-not $Env:CONDA_SHLVL) { $Env:CONDA_SHLVL = '0' }

if (-not (Test-Path Function:\XcondaOwnPrompt)) {
    Copy-Item Function:\prompt Function:\global:XcondaOwnPrompt
    function global:prompt {
        # Where conda shows the same, once is enough.
        if ($Env:CONDA_PROMPT_MODIFIER -and -not (Test-Path Function:\CondaPromptBackup)) {
            $Env:CONDA_PROMPT_MODIFIER | Write-Host -NoNewline
        }
        XcondaOwnPrompt
    }
}
