@REM What DOSKEY calls `xconda` in cmd.exe. %XCONDA_EXE% is the program.
@IF "%~1"=="activate" GOTO :CHANGE
@IF "%~1"=="deactivate" GOTO :CHANGE
@CALL "%XCONDA_EXE%" %*
@IF ERRORLEVEL 1 EXIT /B %ERRORLEVEL%
@FOR %%V IN (install update upgrade remove uninstall undo redo) DO @IF "%~1"=="%%V" GOTO :REFRESH
@IF "%~1 %~2"=="env update" GOTO :REFRESH
@IF "%~1 %~2"=="env config" GOTO :REFRESH
@EXIT /B 0

:REFRESH
@IF NOT DEFINED CONDA_PREFIX EXIT /B 0
@CALL :EVALUATE reactivate
@EXIT /B 0

:CHANGE
@CALL :EVALUATE %*
@EXIT /B %ERRORLEVEL%

:EVALUATE
@SET "__XCONDA_FILE=%TEMP%\xconda-%RANDOM%-%RANDOM%-%RANDOM%.bat"
@CALL "%XCONDA_EXE%" shell.cmd.exe %* > "%__XCONDA_FILE%"
@IF ERRORLEVEL 1 (
    DEL /Q "%__XCONDA_FILE%"
    EXIT /B 1
)
@CALL "%__XCONDA_FILE%"
@DEL /Q "%__XCONDA_FILE%"
@SET "__XCONDA_FILE="
@EXIT /B 0
