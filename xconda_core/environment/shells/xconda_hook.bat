@REM What AutoRun of cmd.exe calls with the program: every prompt of cmd.exe knows `xconda` then.
@IF DEFINED XCONDA_EXE GOTO :EOF
@IF NOT EXIST "%~1" GOTO :EOF
@SET "__XCONDA_FILE=%TEMP%\xconda-%RANDOM%-%RANDOM%-%RANDOM%.bat"
@CALL %* shell.cmd.exe hook > "%__XCONDA_FILE%" && CALL "%__XCONDA_FILE%"
@DEL /Q "%__XCONDA_FILE%"
@SET "__XCONDA_FILE="
