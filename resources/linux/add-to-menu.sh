#!/bin/sh
# Put DeepPneumo into the menu of this user, and let lessons and radiographs be opened with it from the file manager:
#
#     ./add-to-menu.sh            once; again after the folder was moved
#     ./add-to-menu.sh --remove   take it out again
#
# Nothing is installed for other users and nothing needs root. Other programs stay what opens pictures by default.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
share="${XDG_DATA_HOME:-$HOME/.local/share}"
entry="$share/applications/deeppneumo.desktop"
types="$share/mime/packages/deeppneumo.xml"

refresh() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$share/applications" || :; fi
    if command -v update-mime-database >/dev/null; then update-mime-database "$share/mime" 2>/dev/null || :; fi
    if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf "$share/icons/hicolor" || :; fi
}

case "${1:-}" in
--remove)
    rm -f "$entry" "$types" "$share"/icons/hicolor/*/apps/deeppneumo.png "$share"/icons/hicolor/*/apps/deeppneumo.svg
    refresh
    echo "DeepPneumo is no longer in the menu."
    exit 0
    ;;
"") ;;
*)
    echo "usage: $0 [--remove]" >&2
    exit 2
    ;;
esac

program="$here/DeepPneumo"
if [ ! -x "$program" ]; then
    echo "The program DeepPneumo is not beside this file." >&2
    exit 1
fi
case "$program" in
*"
"*)
    echo "The name of the folder must be one line." >&2
    exit 1
    ;;
esac

# The Desktop Entry Specification quotes twice: the argument, then the text that holds it.
text=$(printf '%s' "$program" | sed -e 's/\\/\\\\/g')
argument=$(printf '%s' "$program" | sed -e 's/\\/\\\\\\\\/g' -e 's/["`$]/\\\\&/g' -e 's/%/%%/g')

mkdir -p "$share/applications" "$share/mime/packages" "$share/icons"
cp -R "$here/share/icons/hicolor" "$share/icons/"
cp "$here/share/mime/deeppneumo.xml" "$types"
{
    cat "$here/share/applications/deeppneumo.desktop"
    printf 'TryExec=%s\n' "$text"
    printf 'Exec="%s" %%F\n' "$argument"
} > "$entry.new"
mv "$entry.new" "$entry"
refresh
echo "DeepPneumo is in the menu, opens lessons, and is offered for radiographs in the file manager."
