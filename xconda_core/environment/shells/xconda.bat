@REM What DOSKEY calls `xconda` in cmd.exe. %XCONDA_EXE% is the program, %XCONDA_WORDS% its first words.
@IF "%~1"=="activate" GOTO :CHANGE
@IF "%~1"=="deactivate" GOTO :CHANGE
@CALL "%XCONDA_EXE%" %XCONDA_WORDS% %*
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
@CALL "%XCONDA_EXE%" %XCONDA_WORDS% shell.cmd.exe %* > "%__XCONDA_FILE%"
@IF ERRORLEVEL 1 GOTO :REFUSED
@CALL "%__XCONDA_FILE%"
@CALL :TIDY
@EXIT /B 0

:REFUSED
@CALL :TIDY
@EXIT /B 1

:TIDY
@DEL /Q "%__XCONDA_FILE%"
@SET "__XCONDA_FILE="
@EXIT /B 0
