// TOMLTree
