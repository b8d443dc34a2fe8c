"""A bare PySide6 window, what the packaged program is measured against."""

import sys

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

app = QApplication(sys.argv[:1])
window = QMainWindow()
window.setCentralWidget(QLabel("A bare window"))
window.resize(1360, 860)
window.show()
sys.exit(app.exec())
