from planner.ui.router import main

main()
