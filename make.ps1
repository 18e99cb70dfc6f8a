<#
.SYNOPSIS
    The Makefile's targets that make sense on Windows: demo, test, lint, image.
.DESCRIPTION
    AICleaner runs on Linux, so they run in WSL if a distribution is there, else in a container (Docker Desktop or
    Podman). Usage: .\make.ps1 demo
#>
param(
    [Parameter(Position = 0)]
    [ValidateSet('help', 'demo', 'test', 'lint', 'image')]
    [string] $Target = 'help'
)
$ErrorActionPreference = 'Stop'
$version = (Select-String -Path "$PSScriptRoot/aicleaner_v3/rust-toolchain.toml" -Pattern '^channel = "(.*)"').Matches[0].Groups[1].Value

function Test-Wsl {
    if (-not (Get-Command wsl.exe -ErrorAction SilentlyContinue)) { return $false }
    wsl.exe --exec true *> $null
    return $LASTEXITCODE -eq 0
}

function Get-ContainerTool {
    foreach ($name in 'docker', 'podman') {
        if (Get-Command $name -ErrorAction SilentlyContinue) { return $name }
    }
    throw 'Neither WSL nor Docker nor Podman is here: install one of them (for WSL: wsl --install).'
}

function Invoke-Make([string] $Name) {
    if (Test-Wsl) {
        wsl.exe --cd $PSScriptRoot --exec bash -lc "make $Name"
    }
    else {
        $tool = Get-ContainerTool
        # What is compiled stays in volumes, apart from the sources, which are another system's.
        & $tool run --rm --interactive --tty --volume "${PSScriptRoot}:/aicleaner" --workdir /aicleaner `
            --volume aicleaner-target:/target --volume aicleaner-cargo:/usr/local/cargo/registry --env CARGO_TARGET_DIR=/target `
            "docker.io/library/rust:$version-bookworm" make $Name
    }
    exit $LASTEXITCODE
}

switch ($Target) {
    'help' {
        Write-Output '  .\make.ps1 demo    See it work: a simulated home in one process (Ctrl-C ends it). Builds for two minutes the first time'
        Write-Output '  .\make.ps1 test    All that must hold'
        Write-Output '  .\make.ps1 lint    Formatting and lints'
        Write-Output '  .\make.ps1 image   Build the image'
    }
    'image' {
        if (Test-Wsl) { Invoke-Make 'image' }
        $tool = Get-ContainerTool
        $app = (Select-String -Path "$PSScriptRoot/aicleaner_v3/config.yaml" -Pattern '^version: "(.*)"').Matches[0].Groups[1].Value
        & $tool build --tag "aicleaner:$app" --build-arg "BUILD_VERSION=$app" "$PSScriptRoot/aicleaner_v3"
        exit $LASTEXITCODE
    }
    default { Invoke-Make $Target }
}
